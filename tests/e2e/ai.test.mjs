// SPDX-License-Identifier: GPL-3.0-or-later
// The `ai` package as a client.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createOpenAI } from '@ai-sdk/openai';
import { embed, generateText, streamText } from 'ai';

import { newTrace, world } from './lib/fixture.mjs';

let provider;
const here = world(() => {
  provider = createOpenAI({ apiKey: here.gateway.key, baseURL: here.gateway.url });
});

for (const model of ['@practice/echo', '@mock/gpt-4o-mini']) {
  test(`text through ${model}`, async () => {
    const trace = newTrace();
    const { text, usage } = await generateText({
      model: provider.chat(model), prompt: 'Say four words', headers: { 'x-portkey-trace-id': trace }, maxRetries: 0,
    });
    assert.ok(text.length > 0);
    const row = await here.gateway.row(trace);
    assert.equal(row.tokens_in, usage.inputTokens);
    assert.equal(row.tokens_out, usage.outputTokens);
  });

  test(`a stream through ${model}`, async () => {
    const trace = newTrace();
    const result = streamText({
      model: provider.chat(model), prompt: 'Say four words', headers: { 'x-portkey-trace-id': trace }, maxRetries: 0,
    });
    let text = '';
    for await (const piece of result.textStream) text += piece;
    assert.ok(text.length > 0);
    const usage = await result.usage;
    const row = await here.gateway.row(trace);
    assert.equal(row.stream, true);
    assert.equal(row.tokens_in, usage.inputTokens);
    assert.equal(row.tokens_out, usage.outputTokens);
  });
}

test('an embedding', async () => {
  const { embedding } = await embed({ model: provider.embedding('@mock/text-embedding-3-small'), value: 'one', maxRetries: 0 });
  assert.deepEqual(embedding, [0.5, -0.25, 1]);
});
