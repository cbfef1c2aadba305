// SPDX-License-Identifier: GPL-3.0-or-later
// The `openai` package as a client, through the practice provider and through an account.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import OpenAI, { toFile } from 'openai';

import { credential, megabyte, newTrace, weatherTool, world } from './lib/fixture.mjs';

let client;
const here = world(() => {
  client = new OpenAI({ apiKey: here.gateway.key, baseURL: here.gateway.url, maxRetries: 0 });
});

const hello = [{ role: 'user', content: 'Say four words' }];
const traced = () => {
  const trace = newTrace();
  return [trace, { headers: { 'x-portkey-trace-id': trace } }];
};

/// What holds for every row of a request that went well.
function assertGoodRow(row, { asked, slug, endpoint }) {
  assert.equal(row.outcome, 'ok');
  assert.equal(row.status, 200);
  assert.equal(row.model, asked);
  assert.equal(row.slug, slug);
  assert.equal(row.endpoint, endpoint);
  assert.equal(row.attempts, 1);
  assert.equal(row.client_key, 'e2e');
  assert.ok(row.total_ms >= 0);
}

for (const { slug, chat, embedding, audio } of [
  { slug: 'practice', chat: '@practice/echo', embedding: '@practice/embed', audio: '@practice/transcribe' },
  { slug: 'mock', chat: '@mock/gpt-4o-mini', embedding: '@mock/text-embedding-3-small', audio: '@mock/whisper-1' },
]) {
  describe(`through @${slug}`, () => {
    test('chat', async () => {
      const [trace, options] = traced();
      const reply = await client.chat.completions.create({ model: chat, messages: hello }, options);
      assert.ok(reply.choices[0].message.content.length > 0);
      assert.equal(reply.choices[0].finish_reason, 'stop');

      const row = await here.gateway.row(trace);
      assertGoodRow(row, { asked: chat, slug, endpoint: 'chat' });
      assert.equal(row.served, reply.model);
      assert.equal(row.stream, false);
      assert.equal(row.tokens_in, reply.usage.prompt_tokens);
      assert.equal(row.tokens_out, reply.usage.completion_tokens);
    });

    test('streaming', async () => {
      const [trace, options] = traced();
      const stream = await client.chat.completions.create({ model: chat, messages: hello, stream: true }, options);
      let text = '';
      let finish;
      for await (const chunk of stream) {
        // The client did not ask for usage: the chunk that the gateway asked for must not reach it.
        assert.equal(chunk.choices.length, 1);
        text += chunk.choices[0].delta.content ?? '';
        finish = chunk.choices[0].finish_reason ?? finish;
      }
      assert.ok(text.length > 0);
      assert.equal(finish, 'stop');

      const row = await here.gateway.row(trace);
      assertGoodRow(row, { asked: chat, slug, endpoint: 'chat' });
      assert.equal(row.stream, true);
      assert.ok(row.ttft_ms >= 0 && row.ttft_ms <= row.total_ms);
      assert.ok(row.tokens_in > 0 && row.tokens_out > 0);
    });

    test('streaming with usage that the client asked for', async () => {
      const [trace, options] = traced();
      const stream = await client.chat.completions.create(
        { model: chat, messages: hello, stream: true, stream_options: { include_usage: true } }, options);
      let usage;
      for await (const chunk of stream) usage = chunk.usage ?? usage;
      const row = await here.gateway.row(trace);
      assert.equal(row.tokens_in, usage.prompt_tokens);
      assert.equal(row.tokens_out, usage.completion_tokens);
    });

    test('tools', async () => {
      const [trace, options] = traced();
      const reply = await client.chat.completions.create({ model: chat, messages: hello, tools: [weatherTool] }, options);
      const call = reply.choices[0].message.tool_calls[0];
      assert.equal(call.function.name, 'get_weather');
      assert.equal(typeof JSON.parse(call.function.arguments).city, 'string');
      assert.equal(reply.choices[0].finish_reason, 'tool_calls');
      assertGoodRow(await here.gateway.row(trace), { asked: chat, slug, endpoint: 'chat' });
    });

    test('embeddings', async () => {
      const [trace, options] = traced();
      const reply = await client.embeddings.create({ model: embedding, input: ['one', 'two'] }, options);
      assert.equal(reply.data.length, 2);
      assert.ok(reply.data[0].embedding.every((value) => Number.isFinite(value)));

      const row = await here.gateway.row(trace);
      assertGoodRow(row, { asked: embedding, slug, endpoint: 'embeddings' });
      assert.equal(row.tokens_in, reply.usage.prompt_tokens);
    });

    test('a prompt of a megabyte', async () => {
      const [trace, options] = traced();
      const content = megabyte();
      const reply = await client.chat.completions.create({ model: chat, messages: [{ role: 'user', content }] }, options);
      assert.ok(reply.choices[0].message.content.length > 0);
      if (slug === 'mock') assert.equal(here.mock.last.json.messages[0].content, content);

      const row = await here.gateway.row(trace);
      assertGoodRow(row, { asked: chat, slug, endpoint: 'chat' });
      assert.ok(row.bytes_in >= content.length);
    });

    test('a multipart transcription', async () => {
      const [trace, options] = traced();
      const file = await toFile(Buffer.alloc(3_000_000, 'RIFF'), 'speech.wav', { type: 'audio/wav' });
      const reply = await client.audio.transcriptions.create({ model: audio, file }, options);
      assert.ok(reply.text.length > 0);
      if (slug === 'mock') {
        const sent = here.mock.last.body.toString('latin1');
        assert.match(sent, /name="model"\r\n(?:[^\r\n]+\r\n)*\r\nwhisper-1\r\n/);
        assert.ok(sent.includes('RIFF'.repeat(750_000)));
      }
      assertGoodRow(await here.gateway.row(trace), { asked: audio, slug, endpoint: 'audio' });
    });

    test('a stream that the client leaves', async () => {
      const [trace, options] = traced();
      const model = slug === 'mock' ? '@mock/endless' : '@practice/echo-20';
      const messages = [{ role: 'user', content: 'word '.repeat(400) }];
      const stream = await client.chat.completions.create({ model, messages, stream: true }, options);
      for await (const chunk of stream) if (chunk.choices[0]?.delta.content) break;
      stream.controller.abort();
      if (slug === 'mock') await here.mock.last.closed; // the gateway hung up on the provider

      const row = await here.gateway.row(trace);
      assert.equal(row.outcome, 'cancelled');
      assert.equal(row.slug, slug);
      assert.ok(row.ttft_ms >= 0);
    });
  });
}

describe('what reaches the provider', () => {
  test('the stored credential, the plain model name and no header of ours', async () => {
    const [, options] = traced();
    await client.chat.completions.create({ model: '@mock/gpt-4o-mini', messages: hello }, options);
    const { headers, json } = here.mock.last;
    assert.equal(headers.authorization, `Bearer ${credential}`);
    assert.equal(json.model, 'gpt-4o-mini');
    assert.deepEqual(Object.keys(headers).filter((name) => name.startsWith('x-portkey')), []);
  });

  test('the body, byte for byte apart from the model', async () => {
    const body = '{ "temperature" : 0.10, "model":"@mock/gpt-4o-mini",  "seed":12345678901234567890,"messages":[] }';
    const reply = await fetch(`${here.gateway.url}/chat/completions`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${here.gateway.key}`, 'Content-Type': 'application/json' },
      body,
    });
    assert.equal(reply.status, 200);
    assert.equal(here.mock.last.body.toString(), body.replace('@mock/', ''));
  });

  test('a rotated credential from the next request on, with nothing changed for the client', async () => {
    await here.gateway.rotate('mock', 'sk-mock-rotated');
    await client.chat.completions.create({ model: '@mock/gpt-4o-mini', messages: hello });
    assert.equal(here.mock.last.headers.authorization, 'Bearer sk-mock-rotated');
    await here.gateway.rotate('mock', credential);
    await client.chat.completions.create({ model: '@mock/gpt-4o-mini', messages: hello });
    assert.equal(here.mock.last.headers.authorization, `Bearer ${credential}`);
  });
});

describe('trouble', () => {
  const fails = async (model, body = {}) => {
    const [trace, options] = traced();
    const error = await client.chat.completions
      .create({ model, messages: hello, ...body }, options)
      .then(() => assert.fail(`${model} answered`), (reason) => reason);
    return { error, row: await here.gateway.row(trace) };
  };

  test('a rate limit keeps its status and Retry-After', async () => {
    const { error, row } = await fails('@practice/rate-limited-3s');
    assert.equal(error.status, 429);
    assert.equal(error.headers.get('retry-after'), '3');
    assert.equal(row.status, 429);
    assert.equal(row.outcome, 'error');
  });

  test('a server error keeps its status', async () => {
    const { error, row } = await fails('@practice/server-error-503');
    assert.equal(error.status, 503);
    assert.equal(row.status, 503);
  });

  test('the client’s own retries turn a flaky provider into an answer', async () => {
    const patient = new OpenAI({ apiKey: here.gateway.key, baseURL: here.gateway.url, maxRetries: 3 });
    const reply = await patient.chat.completions.create({ model: '@practice/flaky-50%', messages: hello });
    assert.ok(reply.choices[0].message.content);
  });

  test('a client that gives up on a silent provider is a row', async () => {
    const [trace, options] = traced();
    await assert.rejects(
      client.chat.completions.create({ model: '@practice/hang', messages: hello }, { ...options, timeout: 300 }));
    assert.equal((await here.gateway.row(trace)).outcome, 'cancelled');
  });

  test('a stream that breaks off is an error for the client and in the log', async () => {
    const [trace, options] = traced();
    const stream = await client.chat.completions.create(
      { model: '@practice/cut-stream-3', messages: [{ role: 'user', content: 'a b c d e f g h' }], stream: true }, options);
    await assert.rejects(async () => {
      for await (const chunk of stream) assert.ok(chunk);
    });
    assert.equal((await here.gateway.row(trace)).outcome, 'truncated');
  });

  test('a key that is none is refused with a sentence', async () => {
    const stranger = new OpenAI({ apiKey: 'pk-no-such-key', baseURL: here.gateway.url, maxRetries: 0 });
    await assert.rejects(stranger.chat.completions.create({ model: '@practice/echo', messages: hello }), { status: 401 });
  });

  test('a slug that is none is refused with a sentence and a row', async () => {
    const { error, row } = await fails('@nobody/gpt-4o');
    assert.ok(error.status === 400 || error.status === 404);
    assert.match(error.message, /nobody/);
    assert.equal(row.outcome, 'refused');
  });
});

test('the list of models names practice models and those of the account', async () => {
  const ids = [];
  for await (const model of client.models.list()) ids.push(model.id);
  assert.ok(ids.includes('@practice/echo'));
  assert.ok(ids.some((id) => id.startsWith('@mock/')));
});
