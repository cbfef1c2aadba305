// SPDX-License-Identifier: GPL-3.0-or-later
// The accounts that the configs of tests/data/portkey-examples name, each a mock vendor that can misbehave, and how a config
// is asked and its answer judged.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, beforeEach } from 'node:test';
import { Portkey } from 'portkey-ai';

import { newTrace } from './fixture.mjs';
import { Gateway } from './gateway.mjs';
import { MockProvider } from './mockprovider.mjs';
import { anthropic } from './vendors/anthropic.mjs';
import { bedrock } from './vendors/bedrock.mjs';
import { chat, relative } from './vendors/chat.mjs';
import { Vendor } from './vendors/vendor.mjs';

const accounts = {
  'openai-prod': [withEmbeddings(chat), 'openai'],
  'openai-a': [chat, 'openai'],
  'openai-b': [chat, 'openai'],
  'openai-c': [chat, 'openai'],
  candidate: [chat, 'openai'],
  'model-a': [chat, 'openai'],
  'model-b': [chat, 'openai'],
  'anthropic-prod': [anthropic, 'anthropic'],
  'bedrock-prod': [bedrock, 'bedrock', 'region=us-east-1'],
  'azure-prod': [relative('/openai/v1', '/openai/v1/chat/completions', { 'api-key': 'sk-vendor' }), 'azure-openai', 'resource=acme'],
  'local-llama': [relative('/v1', '/v1/chat/completions', {}), 'ollama'],
};
export const here = { vendors: {} };

before(async () => {
  here.gateway = await Gateway.start();
  for (const [slug, [dialect, provider, ...settings]] of Object.entries(accounts)) {
    // A connection for every call: when one breaks the call has failed, and was not sent on a connection that had gone stale.
    here.vendors[slug] = await Vendor.start(dialect, { callsPerConnection: 1 });
    await here.gateway.addAccount(slug, provider, here.vendors[slug].url, 'sk-vendor', ...settings);
  }
  here.lenient = await MockProvider.start();
});
after(async () => {
  const code = await here.gateway?.stop();
  for (const vendor of [...Object.values(here.vendors), here.lenient]) await vendor?.stop();
  assert.equal(code, 0, 'the gateway ends well when asked to');
});
beforeEach(() => {
  for (const vendor of Object.values(here.vendors)) Object.assign(vendor, { requests: [], faults: [] });
});

function withEmbeddings(dialect) {
  return {
    ...dialect,
    read: (request) =>
      request.path === '/v1/embeddings' ? { text: '', tools: [], results: [], images: [], embeds: true } : dialect.read(request),
    whole: (answer, request) =>
      request.asked.embeds
        ? { object: 'list', model: request.json.model, data: [{ object: 'embedding', index: 0, embedding: [0.5] }], usage: { prompt_tokens: 1, total_tokens: 1 } }
        : dialect.whole(answer, request),
  };
}

/// The text of a config as it stands in its file, but on one line: a header has no more.
export const example = async (name) => (await readFile(new URL(`../portkey-examples/${name}.json`, import.meta.url), 'utf8')).replaceAll(/\n */g, ' ');
export const question = { model: 'gpt-4o', messages: [{ role: 'user', content: 'Hello' }], max_tokens: 100 };

/// What came of one request: { status, text, error, headers }. `file` names the config.
export async function ask(file, body = {}, options = {}) {
  const client = new Portkey({ apiKey: here.gateway.key, baseURL: here.gateway.url, config: await example(file), traceID: newTrace(), ...options });
  try {
    const reply = await client.chat.completions.create({ ...question, ...body });
    return { status: 200, text: reply.choices[0].message.content, headers: reply.getHeaders() };
  } catch (error) {
    const own = Object.entries(error.headers ?? {}).filter(([name]) => name.startsWith('x-portkey-'));
    return { status: error.status, error: error.error ?? error, headers: Object.fromEntries(own.map(([name, value]) => [name.slice(10), value])), all: error.headers };
  }
}

/// How often each account was called; those that were not are left out.
export const calls = () =>
  Object.fromEntries(Object.entries(here.vendors).map(([slug, { requests }]) => [slug, requests.length]).filter(([, count]) => count > 0));
export const last = (slug) => here.vendors[slug].last;
export const fail = (slug, ...faults) => here.vendors[slug].faults.push(...faults);
export const repeated = (count, fault) => Array(count).fill(fault);

/// A good answer, by the target at `path`.
export function assertServed({ status, text, headers, error }, path, provider, retries = '0') {
  assert.equal(status, 200, JSON.stringify(error));
  assert.equal(text, 'You said Hello.');
  assertHeaders(headers, path, provider, retries);
}

export function assertHeaders(headers, path, provider, retries = '0') {
  assert.equal(headers['last-used-option-index'], path);
  assert.equal(headers.provider, provider);
  assert.equal(headers['retry-attempt-count'], retries);
  assert.equal(headers['cache-status'], 'DISABLED');
  assert.match(headers['trace-id'], /^e2e-/);
}
