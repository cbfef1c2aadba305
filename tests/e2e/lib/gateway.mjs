// SPDX-License-Identifier: GPL-3.0-or-later
// Starts the built portolan-gateway on a data directory of its own and speaks to its command line.
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

const program = process.env.PORTOLAN_GATEWAY;
if (!program) throw new Error('PORTOLAN_GATEWAY must name the built portolan-gateway');

/// Credentials of the person who runs the tests must not reach the gateway: it would offer them.
const environment = { PATH: process.env.PATH, LC_ALL: 'C.UTF-8', DBUS_SESSION_BUS_ADDRESS: 'disabled:' };

export class Gateway {
  static async start() {
    const gateway = new Gateway();
    gateway.data = await mkdtemp(join(tmpdir(), 'portolan-e2e-'));
    gateway.environment = { ...environment, HOME: gateway.data };
    gateway.process = spawn(program, ['serve', '--data', gateway.data, '--listen', '127.0.0.1:0', '--json'], {
      env: gateway.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    gateway.errors = '';
    gateway.process.stderr.on('data', (text) => (gateway.errors += text));
    gateway.ended = new Promise((resolve) => gateway.process.on('close', (code) => resolve(code)));
    gateway.url = await gateway.#listening();
    const key = await gateway.command('key', 'create', '--name', 'e2e');
    gateway.key = key.token;
    return gateway;
  }

  async #listening() {
    const lines = createInterface({ input: this.process.stdout });
    for await (const line of lines) {
      const event = JSON.parse(line);
      if (event.event === 'listening') return event.url;
    }
    throw new Error(`portolan-gateway ended before it listened:\n${this.errors}`);
  }

  /// Runs a command of portolan-gateway on the same data directory and returns what it printed, read as JSON.
  async command(...words) {
    return JSON.parse(await this.text(words));
  }

  async commandWithInput(input, ...words) {
    return JSON.parse(await this.text(words, input));
  }

  text(words, input = '') {
    return new Promise((resolve, reject) => {
      const child = execFile(
        program,
        [...words, '--data', this.data, '--json'],
        { env: this.environment, maxBuffer: 64 << 20 },
        (error, output, errors) => (error ? reject(new Error(`${words.join(' ')}: ${errors || error}`)) : resolve(output)),
      );
      child.stdin.end(input);
    });
  }

  addAccount(slug, provider, baseUrl, credential, ...settings) {
    return this.commandWithInput(
      credential, 'account', 'add', '--slug', slug, '--provider', provider, '--base-url', baseUrl, '--key-stdin',
      ...settings.flatMap((setting) => ['--setting', setting]));
  }

  rotate(slug, credential) {
    return this.commandWithInput(credential, 'account', 'rotate', '--slug', slug, '--key-stdin');
  }

  async logs() {
    const text = await this.text(['logs']);
    return text.split('\n').filter(Boolean).map((line) => JSON.parse(line));
  }

  /// The one row of a trace. "At once" is half a second here; a machine that builds at the same time gets five.
  async row(traceId) {
    for (let waited = 0; waited < 5000; waited += 100) {
      const rows = (await this.logs()).filter((row) => row.trace_id === traceId);
      if (rows.length > 1) throw new Error(`trace ${traceId} has ${rows.length} rows`);
      if (rows.length === 1) return rows[0];
      await delay(100);
    }
    throw new Error(`no row of trace ${traceId} after 5 s`);
  }

  async stop() {
    this.process.kill('SIGTERM');
    const code = await this.ended;
    await rm(this.data, { recursive: true, force: true });
    return code;
  }
}
