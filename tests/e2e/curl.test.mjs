// SPDX-License-Identifier: GPL-3.0-or-later
// curl as a client: what a person types to try the gateway, and the corners of HTTP that SDKs don't reach.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';

import { megabyte, newTrace, world } from './lib/fixture.mjs';

const here = world();

/// Runs curl on a path below /v1 and returns { status, headers, body }.
function curl(path, ...options) {
  const url = here.gateway.url + path;
  const words = ['-sS', '--max-time', '20', '-i', '-H', `Authorization: Bearer ${here.gateway.key}`, ...options, url];
  return new Promise((resolve, reject) =>
    execFile('curl', words, { maxBuffer: 64 << 20 }, (error, output) => {
      if (error) return reject(error);
      // Interim answers (100 Continue) come first.
      const parts = output.split('\r\n\r\n');
      const head = parts.findIndex((part) => /^HTTP\/1\.1 [2-5]/.test(part));
      const [line, ...fields] = parts[head].split('\r\n');
      const headers = Object.fromEntries(
        fields.map((field) => [field.slice(0, field.indexOf(':')).toLowerCase(), field.slice(field.indexOf(':') + 1).trim()]));
      resolve({ status: Number(line.split(' ')[1]), headers, body: parts.slice(head + 1).join('\r\n\r\n') });
    }));
}

const json = ['-H', 'Content-Type: application/json'];
const ask = (model, more = {}) =>
  JSON.stringify({ model, messages: [{ role: 'user', content: 'Say four words' }], ...more });

for (const slug of ['practice', 'mock']) {
  const model = slug === 'mock' ? '@mock/gpt-4o-mini' : '@practice/echo';
  describe(`through @${slug}`, () => {
    test('chat, and its row', async () => {
      const trace = newTrace();
      const reply = await curl('/chat/completions', ...json, '-H', `x-portkey-trace-id: ${trace}`, '-d', ask(model));
      assert.equal(reply.status, 200);
      const { usage } = JSON.parse(reply.body);
      const row = await here.gateway.row(trace);
      assert.equal(row.outcome, 'ok');
      assert.equal(row.tokens_in, usage.prompt_tokens);
      assert.equal(row.tokens_out, usage.completion_tokens);
    });

    test('streaming', async () => {
      const reply = await curl('/chat/completions', ...json, '-N', '-d', ask(model, { stream: true }));
      assert.equal(reply.status, 200);
      assert.match(reply.headers['content-type'], /^text\/event-stream/);
      assert.ok(reply.body.endsWith('data: [DONE]\n\n'));
    });

    test('a megabyte from a file, with Expect: 100-continue', async () => {
      const file = join(here.gateway.data, `prompt-${slug}.json`);
      const content = megabyte();
      await writeFile(file, JSON.stringify({ model, messages: [{ role: 'user', content }] }));
      const reply = await curl('/chat/completions', ...json, '-H', 'Expect: 100-continue', '--data-binary', `@${file}`);
      assert.equal(reply.status, 200);
      if (slug === 'mock') assert.equal(here.mock.last.json.messages[0].content, content);
    });

    test('the provider named in a header, the model plain', async () => {
      const plain = model.split('/')[1];
      for (const header of [`x-portkey-provider: @${slug}`, `x-portkey-virtual-key: ${slug}`]) {
        const reply = await curl('/chat/completions', ...json, '-H', header, '-d', ask(plain));
        assert.equal(reply.status, 200, header);
      }
    });

    test('a form with a file', async () => {
      const file = join(here.gateway.data, `speech-${slug}.wav`);
      await writeFile(file, Buffer.alloc(300_000, 'RIFF'));
      const audio = slug === 'mock' ? '@mock/whisper-1' : '@practice/transcribe';
      const reply = await curl('/audio/transcriptions', '--form-string', `model=${audio}`, '-F', `file=@${file}`);
      assert.equal(reply.status, 200);
      assert.ok(JSON.parse(reply.body).text.length > 0);
    });
  });
}

describe('the corners of HTTP', () => {
  const refusal = (reply) => JSON.parse(reply.body).error.message;

  test('health needs no key', async () => {
    const reply = await curl('/health', '-H', 'Authorization:');
    assert.equal(reply.status, 200);
  });

  test('an upgrade to HTTP/2 is ignored', async () => {
    const reply = await curl('/chat/completions', ...json, '--http2', '-d', ask('@practice/echo'));
    assert.equal(reply.status, 200);
  });

  test('a WebSocket is refused at once, in JSON', async () => {
    const reply = await curl('/chat/completions', '-H', 'Connection: Upgrade', '-H', 'Upgrade: websocket');
    assert.equal(reply.status, 426);
    assert.ok(refusal(reply).length > 0);
  });

  test('/realtime and /prompts are not there and say so', async () => {
    for (const path of ['/realtime', '/prompts/pp-1/completions']) {
      const reply = await curl(path, ...json, '-d', '{}');
      assert.equal(reply.status, 501, path);
      assert.ok(refusal(reply).length > 0);
    }
  });

  test('a foreign Host is refused', async () => {
    assert.equal((await curl('/models', '-H', 'Host: attacker.example')).status, 403);
  });

  test('a body that is no JSON is refused with a sentence', async () => {
    const reply = await curl('/chat/completions', ...json, '-d', '{"model": ');
    assert.equal(reply.status, 400);
    assert.ok(refusal(reply).length > 0);
  });

  test('a form where JSON is wanted is 415', async () => {
    assert.equal((await curl('/chat/completions', '-d', ask('@practice/echo'))).status, 415);
  });

  test('a provider that answers 200 without JSON is told from one that answers', async () => {
    const reply = await curl('/chat/completions', ...json, '-d', ask('@practice/bad-json'));
    assert.equal(reply.status, 502);
    assert.ok(refusal(reply).length > 0);
  });
});
