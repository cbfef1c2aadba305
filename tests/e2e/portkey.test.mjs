// SPDX-License-Identifier: GPL-3.0-or-later
// `portkey-ai` as a client: its own headers instead of Authorization, and configs beside its requests.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Portkey } from 'portkey-ai';

import { credential, newTrace, world } from './lib/fixture.mjs';

const here = world();
const messages = [{ role: 'user', content: 'Say four words' }];
const connect = (options) => new Portkey({ apiKey: here.gateway.key, baseURL: here.gateway.url, ...options });

describe('names its provider', () => {
  for (const [name, options, model] of [
    ['as @slug in the provider', { provider: '@mock' }, 'gpt-4o-mini'],
    ['as a virtual key', { virtualKey: 'mock' }, 'gpt-4o-mini'],
    ['in the model', {}, '@mock/gpt-4o-mini'],
    ['practice', { provider: '@practice' }, 'echo'],
  ]) {
    test(name, async () => {
      const traceID = newTrace();
      const reply = await connect({ ...options, traceID }).chat.completions.create({ model, messages });
      assert.ok(reply.choices[0].message.content);
      const row = await here.gateway.row(traceID);
      assert.equal(row.outcome, 'ok');
      assert.equal(row.client_key, 'e2e');
      assert.equal(row.slug, name === 'practice' ? 'practice' : 'mock');
      if (row.slug === 'mock') assert.equal(here.mock.last.headers.authorization, `Bearer ${credential}`);
    });
  }
});

test('streams', async () => {
  const stream = await connect({ provider: '@mock' }).chat.completions.create({ model: 'gpt-4o-mini', messages, stream: true });
  let text = '';
  for await (const chunk of stream) text += chunk.choices[0]?.delta?.content ?? '';
  assert.equal(text, 'word0 word1 word2 word3 ');
});

test('keeps its metadata out of the provider’s sight', async () => {
  await connect({ provider: '@mock', metadata: { _user: 'jane', team: 'search' } })
    .chat.completions.create({ model: 'gpt-4o-mini', messages });
  const { headers, body } = here.mock.last;
  assert.ok(!JSON.stringify(headers).includes('jane'));
  assert.ok(!body.toString().includes('jane'));
});

const inline = { virtual_key: 'mock', override_params: { max_tokens: 64 } };

describe('with a config', () => {
  for (const [name, config] of [['as an object', inline], ['as text', JSON.stringify(inline)]]) {
    test(name, async () => {
      const reply = await connect({ config }).chat.completions.create({ model: 'gpt-4o-mini', messages });
      assert.equal(reply.getHeaders()['last-used-option-index'], 'config');
      assert.equal(here.mock.last.json.max_tokens, 64);
    });
  }

  test('that has no provider, beside a provider', async () => {
    const config = { retry: { attempts: 1 } };
    const reply = await connect({ config, provider: '@mock' }).chat.completions.create({ model: 'gpt-4o-mini', messages });
    assert.equal(reply.getHeaders().provider, 'openai');
  });

  test('that is none', async () => {
    for (const [config, words] of [
      ['{"virtual_key":', /Invalid config passed/],
      [{ strategy: { mode: 'roundrobin' }, targets: [inline] }, /roundrobin|mode/],
      ['pc-nobody-000000', /Invalid config id passed/],
    ]) {
      const asked = here.mock.requests.length;
      const call = connect({ config }).chat.completions.create({ model: 'gpt-4o-mini', messages });
      await assert.rejects(async () => await call, (error) => error.status === 400 && words.test(JSON.stringify(error)));
      assert.equal(here.mock.requests.length, asked);
    }
  });
});

test('names a trace and metadata, and reads what became of it', async () => {
  const traceID = newTrace();
  const reply = await connect({ provider: '@mock', traceID, metadata: { _user: 'jane', env: 'prod' } })
    .chat.completions.create({ model: 'gpt-4o-mini', messages });
  const headers = reply.getHeaders();
  assert.equal(headers['trace-id'], traceID);
  assert.equal(headers.provider, 'openai');
  assert.equal(headers['last-used-option-index'], 'config');
  assert.equal(headers['retry-attempt-count'], '0');
  assert.equal(headers['cache-status'], 'DISABLED');
});

test('asks for a cache, whose engine is not here yet', async () => {
  const reply = await connect({ config: { ...inline, cache: { mode: 'simple', max_age: 60 } }, cacheForceRefresh: true, cacheNamespace: 'team' })
    .chat.completions.create({ model: 'gpt-4o-mini', messages });
  assert.equal(reply.getHeaders()['cache-status'], 'DISABLED');
  assert.ok(!Object.keys(here.mock.last.headers).some((name) => name.startsWith('x-portkey-')));
});

test('says something else for one request', async () => {
  const traceID = newTrace();
  const client = connect({ provider: '@practice' });
  const reply = await client.chat.completions.create({ model: 'gpt-4o-mini', messages }, { traceID, config: inline, metadata: { step: '2' } });
  assert.equal(reply.getHeaders()['trace-id'], traceID);
  assert.equal((await here.gateway.row(traceID)).slug, 'mock');
});

test('is not asked again by the SDK for an error that the gateway has dealt with', async () => {
  const asked = here.mock.requests.length;
  const config = { virtual_key: 'mock', override_params: { model: 'fail 503' } };
  const call = connect({ config }).chat.completions.create({ model: 'gpt-4o-mini', messages });
  await assert.rejects(async () => await call, (error) => error.status === 503);
  assert.equal(here.mock.requests.length, asked + 1);
});

test('waits no longer than it said', async () => {
  const config = { virtual_key: 'mock', override_params: { model: 'silence' } };
  const call = connect({ config, requestTimeout: 80 }).chat.completions.create({ model: 'gpt-4o-mini', messages });
  await assert.rejects(async () => await call, (error) => error.status === 408 && /80ms/.test(JSON.stringify(error)));
});
