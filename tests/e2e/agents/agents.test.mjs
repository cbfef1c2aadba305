// SPDX-License-Identifier: GPL-3.0-or-later
// Claude Code and Codex, as npm ships them, each finish a loop of tools over a vendor that is not theirs. What was said is
// kept in tests/data/agents (PORTOLAN_KEEP=folder writes it anew).
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { Gateway } from './lib/gateway.mjs';
import { anthropic } from './lib/vendors/anthropic.mjs';
import { chat } from './lib/vendors/chat.mjs';
import { gemini } from './lib/vendors/gemini.mjs';
import { responses } from './lib/vendors/responses.mjs';
import { Vendor } from './lib/vendors/vendor.mjs';
import { Recorder, shortened } from './recorder.mjs';

const bin = (path) => join(import.meta.dirname, 'node_modules', path);
const claude = bin('@anthropic-ai/claude-code-linux-x64/claude');
const codex = bin('@openai/codex-linux-x64/vendor/x86_64-unknown-linux-musl/bin/codex');
const task = 'Count the lines of notes.txt';
const models = { gemini: 'gemini-3-pro-preview', chat: 'Qwen/Qwen3.5-122B-A10B', anthropic: 'claude-sonnet-4-5', responses: 'gpt-5-codex' };
const here = { vendors: {} };

before(async () => {
  here.gateway = await Gateway.start();
  for (const [slug, [dialect, provider]] of Object.entries({
    gemini: [gemini, 'google'], chat: [chat, 'deepinfra'], anthropic: [anthropic, 'anthropic'], responses: [responses, 'openai'],
  })) {
    here.vendors[slug] = await Vendor.start(dialect);
    await here.gateway.addAccount(slug, provider, here.vendors[slug].url, 'sk-vendor');
  }
});
after(async () => {
  const code = await here.gateway?.stop();
  for (const vendor of Object.values(here.vendors)) await vendor.stop();
  assert.equal(code, 0);
});

/// Runs the agent in a folder of its own and returns what it printed.
async function run(program, words, folder, environment) {
  const child = spawn(program, words, {
    cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env.PATH, HOME: folder, ...environment },
  });
  let printed = '';
  child.stdout.on('data', (text) => (printed += text));
  child.stderr.on('data', (text) => (printed += text));
  const clock = setTimeout(() => child.kill('SIGKILL'), 90_000);
  await new Promise((resolve) => child.on('close', resolve));
  clearTimeout(clock);
  return printed;
}

async function inFolder(name, vendor, start) {
  const folder = await mkdtemp(join(tmpdir(), 'portolan-agent-'));
  const recorder = await Recorder.start(here.gateway.url);
  const asked = here.vendors[vendor].requests.length;
  try {
    await writeFile(join(folder, 'notes.txt'), 'one\ntwo\nthree\n');
    const printed = await start(folder, recorder.url);
    const seen = here.vendors[vendor].requests.slice(asked);
    assert.deepEqual(seen.map(({ problem }) => problem).filter(Boolean), [], printed);
    assert.ok(seen.some(({ asked: { results } }) => results.some((text) => /\b3\b/.test(text))), `no result came back:\n${printed}`);
    assert.match(printed, /It is /, printed);
    const rows = (await here.gateway.logs()).filter(({ slug }) => slug === vendor);
    assert.ok(rows.length >= 2 && rows.every(({ outcome }) => outcome === 'ok'));
    await keep(name, recorder.said);
  } finally {
    await recorder.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/// Of an answer: its lines, long ones as their length.
const lines = (text) => text.split('\n').map((line) => (line.length > 400 ? `(${line.length} characters)` : line));

async function keep(name, said) {
  if (!process.env.PORTOLAN_KEEP) return;
  await mkdir(process.env.PORTOLAN_KEEP, { recursive: true });
  const text = JSON.stringify(said.map(({ answered, ...entry }) => ({ ...shortened(entry), answered: lines(answered) })), null, 1);
  await writeFile(join(process.env.PORTOLAN_KEEP, `${name}.json`), `${text}\n`);
}

for (const vendor of ['gemini', 'chat', 'responses']) {
  test(`Claude Code over ${vendor}`, () =>
    inFolder(`claude-code-${vendor}`, vendor, (folder, url) => {
      const model = `@${vendor}/${models[vendor]}`;
      return run(claude, ['-p', task, '--model', model, '--output-format', 'json', '--allowedTools', 'Bash'], folder, {
        ANTHROPIC_BASE_URL: url.replace(/\/v1$/, ''), ANTHROPIC_API_KEY: here.gateway.key, ANTHROPIC_DEFAULT_HAIKU_MODEL: model,
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1', DISABLE_AUTOUPDATER: '1', IS_SANDBOX: '1', CLAUDE_CODE_MAX_RETRIES: '0',
      });
    }));
}

for (const vendor of ['anthropic', 'chat', 'responses']) {
  test(`Codex over ${vendor}`, () =>
    inFolder(`codex-${vendor}`, vendor, async (folder, url) => {
      const home = join(folder, '.codex');
      await mkdir(home);
      await writeFile(join(home, 'config.toml'), `model = "@${vendor}/${models[vendor]}"
model_provider = "portolan"
[model_providers.portolan]
name = "Portolan"
base_url = "${url}"
env_key = "PORTOLAN_KEY"
wire_api = "responses"
request_max_retries = 0
stream_max_retries = 0
supports_websockets = false
`);
      return run(codex, ['exec', '--skip-git-repo-check', '--dangerously-bypass-approvals-and-sandbox', '--json', task], folder,
        { CODEX_HOME: home, PORTOLAN_KEY: here.gateway.key });
    }));
}
