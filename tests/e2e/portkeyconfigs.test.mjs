// SPDX-License-Identifier: GPL-3.0-or-later
// Saved configs through `portkey-ai`: its calls about them, requests that name one, and what the log says of those.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Portkey } from 'portkey-ai';

import { newTrace, world } from './lib/fixture.mjs';

const here = world();
const messages = [{ role: 'user', content: 'Say four words' }];
const inline = { virtual_key: 'mock', override_params: { max_tokens: 64 } };
const connect = (options) => new Portkey({ apiKey: here.gateway.key, baseURL: here.gateway.url, ...options });

const admin = async () => {
  const { token } = await here.gateway.command('key', 'create', '--name', newTrace(), '--scope', 'use,admin');
  return connect({ apiKey: token });
};
const chat = (config) => connect({ config }).chat.completions.create({ model: 'gpt-4o-mini', messages });

test('makes, shows, lists, changes, uses and removes one', async () => {
  const client = await admin();
  const made = await client.configs.create({ name: 'Two tries', config: { ...inline, retry: { attempts: 2 } } });
  assert.equal(made.success, true);
  const slug = made.data.slug ?? made.data.id;
  assert.match(slug, /^pc-two-tries?-[0-9a-f]+$/);

  await chat(slug);
  assert.equal(here.mock.last.json.max_tokens, 64);

  const shown = await client.configs.retrieve({ slug });
  const kept = typeof shown.data.config === 'string' ? JSON.parse(shown.data.config) : shown.data.config;
  assert.deepEqual(kept, { ...inline, retry: { attempts: 2 } });
  assert.ok((await client.configs.list({})).data.some((entry) => entry.slug === slug));

  const changed = await client.configs.update({ slug, name: 'Two tries', config: { virtual_key: 'mock', override_params: { max_tokens: 32 } } });
  assert.notEqual(changed.data.version_id, made.data.version_id);
  await chat(slug);
  assert.equal(here.mock.last.json.max_tokens, 32);

  // A bad save never takes the place of a good version.
  await assert.rejects(async () => await client.configs.update({ slug, config: { strategy: { mode: 'roundrobin' }, targets: [] } }), (error) => error.status === 400);
  await chat(slug);
  assert.equal(here.mock.last.json.max_tokens, 32);

  await client.configs.delete({ slug });
  await assert.rejects(async () => await chat(slug), (error) => error.status === 400);
});

test('keeps every version, as it was written', async () => {
  const client = await admin();
  const text = '{"x_note": "keep me", "virtual_key": "mock", "weight": 1.50}';
  const call = (method, path, body) =>
    fetch(`${here.gateway.url}${path}`, { method, body, headers: { 'content-type': 'application/json', 'x-portkey-api-key': client.apiKey } });
  const { data } = await (await call('POST', '/configs', `{"name":"Kept","config":${text}}`)).json();
  const slug = data.slug ?? data.id;
  assert.match(await (await call('GET', `/configs/${slug}`)).text(), /1\.50/);
  await call('PUT', `/configs/${slug}`, '{"config":{"virtual_key":"mock"}}');
  const versions = (await (await call('GET', `/configs/${slug}/versions`)).json()).data;
  assert.equal(versions.length, 2);
});

test('not without the scope for it', async () => {
  await assert.rejects(async () => await connect({}).configs.list({}), (error) => error.status === 403);
});

test('a saved config names itself, its version and each attempt in the trace', async () => {
  const client = await admin();
  const targets = ['fail 503', 'gpt-4o-mini'].map((model) => ({ virtual_key: 'mock', override_params: { model } }));
  const { data } = await client.configs.create({ name: 'Traced', config: { strategy: { mode: 'fallback' }, targets } });
  const traceID = newTrace();
  await connect({ config: data.slug ?? data.id, traceID }).chat.completions.create({ model: 'gpt-4o-mini', messages });

  const { id } = await here.gateway.row(traceID);
  const log = await (await fetch(`${here.gateway.url}/logs/${id}`, { headers: { 'x-portkey-api-key': client.apiKey } })).json();
  assert.match(log.config, /Traced/);
  assert.equal(log.config_version, 1);
  assert.deepEqual(log.attempts.map(({ pointer, status }) => [pointer, status]), [['/targets/0', 503], ['/targets/1', 200]]);
  assert.match(log.attempts[0].then, /503/);
});
