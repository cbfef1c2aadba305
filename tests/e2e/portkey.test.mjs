// SPDX-License-Identifier: GPL-3.0-or-later
// `portkey-ai` as a client: its own headers instead of Authorization.
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
