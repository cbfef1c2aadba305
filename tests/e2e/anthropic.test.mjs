// SPDX-License-Identifier: GPL-3.0-or-later
// `@anthropic-ai/sdk` as a client of an account that speaks its API: the client key comes in Authorization, the
// provider's goes out in x-api-key, the body stays as it is.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';

import { newTrace, world } from './lib/fixture.mjs';

const model = '@claude/claude-sonnet-4-20250514';
const question = { model, max_tokens: 64, messages: [{ role: 'user', content: 'Say four words' }] };
let client;
const here = world(async () => {
  await here.gateway.addAccount('claude', 'anthropic', here.mock.url, 'sk-ant-mock');
  client = new Anthropic({ apiKey: here.gateway.key, baseURL: here.gateway.url.replace(/\/v1$/, ''), maxRetries: 0 });
});

test('a message', async () => {
  const trace = newTrace();
  const reply = await client.messages.create(question, { headers: { 'x-portkey-trace-id': trace } });
  assert.equal(reply.content[0].text, 'Four words from mock');
  const { headers, json } = here.mock.last;
  assert.equal(headers['x-api-key'], 'sk-ant-mock');
  assert.equal(headers.authorization, undefined);
  assert.match(headers['anthropic-version'], /^\d{4}-\d\d-\d\d$/);
  assert.equal(json.model, 'claude-sonnet-4-20250514');

  const row = await here.gateway.row(trace);
  assert.equal(row.outcome, 'ok');
  assert.equal(row.endpoint, 'messages');
  assert.equal(row.tokens_in, reply.usage.input_tokens);
  assert.equal(row.tokens_out, reply.usage.output_tokens);
});

test('a streamed message', async () => {
  const trace = newTrace();
  const stream = client.messages.stream(question, { headers: { 'x-portkey-trace-id': trace } });
  const message = await stream.finalMessage();
  assert.equal(message.content[0].text, 'word0 word1 ');

  const row = await here.gateway.row(trace);
  assert.equal(row.stream, true);
  assert.equal(row.tokens_in, message.usage.input_tokens);
  assert.equal(row.tokens_out, message.usage.output_tokens);
  assert.ok(row.ttft_ms >= 0);
});

test('a refusal in the form the SDK knows', async () => {
  await assert.rejects(client.messages.create({ ...question, model: '@nobody/claude' }), (error) => {
    assert.equal(error.error.type, 'error');
    assert.match(error.message, /nobody/);
    return true;
  });
});
