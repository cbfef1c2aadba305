// SPDX-License-Identifier: GPL-3.0-or-later
// Stands between an agent and the gateway, passes every byte on, and keeps what was said.
import { createServer, request as open } from 'node:http';

export class Recorder {
  said = [];

  static async start(target) {
    const recorder = new Recorder();
    recorder.target = new URL(target);
    recorder.server = createServer((incoming, response) => recorder.#pass(incoming, response));
    await new Promise((resolve) => recorder.server.listen(0, '127.0.0.1', resolve));
    recorder.url = `http://127.0.0.1:${recorder.server.address().port}${recorder.target.pathname}`;
    return recorder;
  }

  async stop() {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  async #pass(incoming, response) {
    const parts = [];
    for await (const part of incoming) parts.push(part);
    const body = Buffer.concat(parts);
    const entry = { method: incoming.method, path: incoming.url, sent: asJson(body), status: 0, answered: '' };
    this.said.push(entry);
    const headers = { ...incoming.headers, host: this.target.host, connection: 'close' };
    const onward = open({ host: this.target.hostname, port: this.target.port, method: incoming.method, path: incoming.url, headers }, (answer) => {
      entry.status = answer.statusCode;
      response.writeHead(answer.statusCode, answer.headers);
      answer.on('data', (piece) => (entry.answered += piece));
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    onward.end(body);
  }
}

function asJson(body) {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

/// A transcript without what changes from run to run or is the vendor's own prose: long texts become their length.
export function shortened(value) {
  if (typeof value === 'string') return value.length > 160 ? `(${value.length} characters)` : value;
  if (Array.isArray(value)) return value.map(shortened);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, shortened(member)]));
}
