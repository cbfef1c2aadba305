// SPDX-License-Identifier: GPL-3.0-or-later
// A mock vendor: an HTTP server that reads one vendor's requests strictly, as the vendor does, and answers with what the
// brain says. Written from the wire documents, not from Portolan's codecs.
import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { answerTo } from './brain.mjs';

/// Thrown for a request that the real API would refuse.
export class BadRequest extends Error {
  constructor(message, status = 400) {
    super(message);
    this.status = status;
  }
}

export class Vendor {
  requests = [];
  /// What the next calls get instead of an answer, one each: a status, { status, headers }, { late: milliseconds }, 'reset',
  /// 'silence', or a stream that begins well and, before its first word, is 'cut' or says that it 'fails'.
  faults = [];

  /// `dialect`: { base, read(request) -> asked, whole(answer, request) -> value, stream(answer, request, wire), error(status,
  /// message) -> { status, headers, body } }.
  static async start(dialect, { callsPerConnection = 0 } = {}) {
    const vendor = new Vendor();
    Object.assign(vendor, { dialect, callsPerConnection });
    await vendor.listen(0);
    vendor.port = vendor.server.address().port;
    vendor.url = `http://127.0.0.1:${vendor.port}${dialect.base}`;
    return vendor;
  }

  async listen(port) {
    this.server = createServer((request, response) => this.#take(request, response));
    this.server.maxRequestsPerSocket = this.callsPerConnection;
    await new Promise((resolve) => this.server.listen(port, '127.0.0.1', resolve));
  }

  get last() {
    return this.requests.at(-1);
  }

  async stop() {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  async #take(incoming, response) {
    const parts = [];
    for await (const part of incoming) parts.push(part);
    const request = { path: incoming.url, headers: incoming.headers, body: Buffer.concat(parts).toString(), json: undefined };
    this.requests.push(request);
    const fault = this.faults.shift();
    if (fault?.late) await delay(fault.late);
    else if (fault === 'reset') return response.destroy();
    else if (fault === 'silence') return undefined;
    else if (fault && !wordless[fault]) return this.#refuse(response, fault.status ?? fault, `Failing with ${fault.status ?? fault}`, fault.headers);
    try {
      request.json = JSON.parse(request.body);
      const asked = this.dialect.read(request);
      request.asked = asked;
      const answer = wordless[fault] ?? answerTo(asked);
      if (answer.error) return this.#refuse(response, answer.error, `Failing with ${answer.error}`);
      if (!asked.stream) return send(response, 200, this.dialect.whole(answer, request));
      this.dialect.stream(answer, request, response);
    } catch (problem) {
      request.problem = problem.message;
      this.#refuse(response, problem instanceof BadRequest ? problem.status : 500, problem.message);
    }
  }

  #refuse(response, status, message, headers = { 'retry-after': '3' }) {
    const error = this.dialect.error(status, message);
    send(response, error.status ?? status, error.body, { ...headers, ...error.headers });
  }
}

const wordless = {
  cut: { text: '', calls: [], finish: 'stop', broken: true },
  fails: { text: '', calls: [], finish: 'stop', fails: true },
};

export function send(response, status, value, headers = {}) {
  const text = JSON.stringify(value);
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text), ...headers });
  response.end(text);
}

/// Server-sent events, cut where no event ends, so that nobody relies on pieces being events.
export function sendEvents(response, events, { broken = false } = {}) {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  const bytes = Buffer.from(events.join(''));
  for (let at = 0; at < bytes.length; at += 97) response.write(bytes.subarray(at, at + 97));
  if (broken) setTimeout(() => response.destroy(), 20);
  else response.end();
}

/// Refuses members that the vendor does not know: the real ones answer 400 to a misspelt or foreign parameter.
export function only(object, where, ...names) {
  if (typeof object !== 'object' || object === null || Array.isArray(object)) throw new BadRequest(`${where} must be an object`);
  for (const name of Object.keys(object)) {
    if (!names.includes(name)) throw new BadRequest(`${where}.${name}: Extra inputs are not permitted`);
  }
}

export function need(condition, message) {
  if (!condition) throw new BadRequest(message);
}

export function dataUrl(url) {
  const match = /^data:([^;,]+);base64,(.*)$/s.exec(url);
  need(match, 'only data URLs here');
  return { type: match[1], bytes: Buffer.from(match[2], 'base64').length };
}
