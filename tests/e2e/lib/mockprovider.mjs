// SPDX-License-Identifier: GPL-3.0-or-later
// A provider that speaks OpenAI's API, and Anthropic's messages, and remembers exactly what it was sent.
import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

const usage = { prompt_tokens: 11, completion_tokens: 4, total_tokens: 15 };

export class MockProvider {
  /// Every request: { path, headers, body (Buffer), json (parsed, or undefined), closed (Promise) }.
  requests = [];

  static async start() {
    const provider = new MockProvider();
    provider.server = createServer((request, response) => provider.#take(request, response));
    await new Promise((resolve) => provider.server.listen(0, '127.0.0.1', resolve));
    provider.url = `http://127.0.0.1:${provider.server.address().port}/v1`;
    return provider;
  }

  get last() {
    return this.requests.at(-1);
  }

  async stop() {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  async #take(request, response) {
    const parts = [];
    for await (const part of request) parts.push(part);
    const body = Buffer.concat(parts);
    const isJson = request.headers['content-type']?.startsWith('application/json');
    const seen = {
      path: request.url,
      headers: request.headers,
      body,
      json: isJson ? JSON.parse(body.toString()) : undefined,
      closed: new Promise((resolve) => response.on('close', resolve)),
    };
    this.requests.push(seen);
    const routes = {
      '/v1/chat/completions': () => this.#chat(seen, response),
      '/v1/embeddings': () => this.#embed(seen, response),
      '/v1/audio/transcriptions': () => send(response, { text: `heard ${body.length} bytes` }),
      '/v1/messages': () => this.#message(seen, response),
      '/v1/models': () => send(response, { object: 'list', data: [{ id: 'gpt-4o-mini', object: 'model' }] }),
    };
    // Models with these names misbehave.
    const fault = /^fail (\d{3})$/.exec(seen.json?.model)?.[1];
    if (fault) return send(response, { error: { message: 'Failing', type: 'server_error', param: null, code: null } }, Number(fault));
    if (seen.json?.model === 'silence') return undefined;
    const route = routes[request.url];
    if (route) await route();
    else send(response, { error: { message: `no route ${request.url}` } }, 404);
  }

  async #chat({ json, closed }, response) {
    if (json.stream) return this.#stream(json, response, closed);
    const message = json.tools
      ? { role: 'assistant', content: null, tool_calls: [toolCall(json.tools[0])] }
      : { role: 'assistant', content: 'Four words from mock' };
    send(response, {
      id: 'chatcmpl-mock',
      object: 'chat.completion',
      created: 1700000000,
      model: `${json.model}-2024-07-18`,
      choices: [{ index: 0, message, finish_reason: json.tools ? 'tool_calls' : 'stop' }],
      usage,
    });
  }

  async #stream(json, response, closed) {
    const chunk = (fields) =>
      `data: ${JSON.stringify({
        id: 'chatcmpl-mock', object: 'chat.completion.chunk', created: 1700000000, model: `${json.model}-2024-07-18`,
        ...fields,
      })}\n\n`;
    const delta = (content, finish_reason = null) => chunk({ choices: [{ index: 0, delta: content, finish_reason }] });
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write(delta({ role: 'assistant', content: '' }));
    let open = true;
    closed.then(() => (open = false));
    // "endless" streams until its client leaves; everything else says four words.
    const words = json.model === 'endless' ? Infinity : 4;
    for (let word = 0; open && word < words; word++) {
      response.write(delta({ content: `word${word} ` }));
      await delay(json.model === 'endless' ? 20 : 1);
    }
    if (!open) return;
    response.write(delta({}, 'stop'));
    if (json.stream_options?.include_usage) response.write(chunk({ choices: [], usage }));
    response.end('data: [DONE]\n\n');
  }

  #message({ json }, response) {
    const message = {
      id: 'msg_mock', type: 'message', role: 'assistant', model: json.model, stop_reason: 'end_turn', stop_sequence: null,
      content: [{ type: 'text', text: 'Four words from mock' }],
      usage: { input_tokens: 11, output_tokens: 4 },
    };
    if (!json.stream) return send(response, message);
    const event = (type, fields) => response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`);
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    event('message_start', {
      message: { ...message, content: [], stop_reason: null, usage: { input_tokens: 11, output_tokens: 1 } },
    });
    event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } });
    for (const text of ['word0 ', 'word1 ']) event('content_block_delta', { index: 0, delta: { type: 'text_delta', text } });
    event('content_block_stop', { index: 0 });
    event('message_delta', { delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 4 } });
    event('message_stop', {});
    response.end();
  }

  #embed({ json }, response) {
    const inputs = Array.isArray(json.input) ? json.input : [json.input];
    const vector = Float32Array.from([0.5, -0.25, 1]);
    const embedding =
      json.encoding_format === 'base64' ? Buffer.from(vector.buffer).toString('base64') : Array.from(vector);
    send(response, {
      object: 'list',
      model: json.model,
      data: inputs.map((_, index) => ({ object: 'embedding', index, embedding })),
      usage: { prompt_tokens: 7, total_tokens: 7 },
    });
  }
}

function toolCall(tool) {
  return { id: 'call_mock', type: 'function', function: { name: tool.function.name, arguments: '{"city":"Berlin"}' } };
}

function send(response, value, status = 200) {
  const text = JSON.stringify(value);
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) });
  response.end(text);
}
