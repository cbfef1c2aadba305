// SPDX-License-Identifier: GPL-3.0-or-later
// What `portkey-ai` declares of the answers about configs, and client keys that have one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Portkey } from 'portkey-ai';

import { newTrace, world } from './lib/fixture.mjs';

const here = world();
const messages = [{ role: 'user', content: 'Say four words' }];
const connect = (apiKey, options) => new Portkey({ apiKey, baseURL: here.gateway.url, ...options });
const to = (model) => ({ provider: '@practice', override_params: { model } });

test('answers have their members where the types declare them', async () => {
  const { token } = await here.gateway.command('key', 'create', '--name', 'boss', '--scope', 'admin');
  const { configs } = connect(token);
  const made = await configs.create({ name: 'nightly', config: to('echo'), isDefault: 0, workspace_id: 'ws' });
  assert.match(made.slug, /^pc-nightly-[0-9a-f]{6}$/);
  assert.equal(made.object, 'config');
  assert.equal(made.data.id, made.id);

  const shown = await configs.retrieve({ slug: made.slug });
  assert.deepEqual(
    [shown.name, shown.status, shown.version_id, shown.is_default], ['nightly', 'active', made.version_id, 0]);
  assert.deepEqual(shown.config, to('echo'));
  assert.ok(Math.abs(Date.parse(shown.created_at) - Date.now()) < 60_000);

  const list = await configs.list({ workspace_id: 'ws' });
  assert.deepEqual([list.total, list.data[0].slug], [1, made.slug]);
  assert.equal((await configs.list()).total, 1);

  await configs.update({ slug: made.slug, status: 'archived' });
  assert.equal((await configs.retrieve({ slug: made.slug })).status, 'archived');

  const bad = { strategy: { mode: 'best' }, targets: [{ provider: 'openai', api_key: 'sk-canary-0badc0de' }] };
  await assert.rejects(configs.update({ slug: made.slug, config: bad }), (error) => {
    assert.equal(error.status, 400);
    assert.match(JSON.stringify(error), /Invalid config passed/);
    assert.ok(!JSON.stringify(error).includes('sk-canary-0badc0de'));
    return true;
  });
  await configs.delete({ id: made.id });
  await assert.rejects(configs.retrieve({ slug: made.slug }), { status: 404 });
});

test('a client that can only set base URL, key and model has its key’s config', async () => {
  const file = { provider: '@mock', override_params: { model: 'gpt-4o-mini' } };
  await here.gateway.commandWithInput(JSON.stringify(file), 'config', 'add', '-', '--name', 'default');
  const key = await here.gateway.command('key', 'create', '--name', 'honey', '--config', 'default', '--no-override');
  const traceID = newTrace();
  await connect(key.token, { traceID }).chat.completions.create({ model: 'whatever', messages });
  const row = await here.gateway.row(traceID);
  assert.equal(row.slug, 'mock');
  await assert.rejects(
    connect(key.token, { config: 'pc-other-000000' }).chat.completions.create({ model: 'whatever', messages }),
    { status: 400, message: /Cannot override default config/ },
  );
});
