// SPDX-License-Identifier: GPL-3.0-or-later
// The admin calls of `portkey-ai`: what they make routes the next request.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { Portkey } from 'portkey-ai';

import { newTrace, world } from './lib/fixture.mjs';

const here = world();
const messages = [{ role: 'user', content: 'Say four words' }];
const connect = (apiKey, options) => new Portkey({ apiKey, baseURL: here.gateway.url, ...options });
const to = (model) => ({ provider: '@practice', override_params: { model } });

describe('configs', () => {
  let admin;
  before(async () => {
    const boss = await here.gateway.command('key', 'create', '--name', 'boss', '--scope', 'admin');
    admin = connect(boss.token);
  });

  test('are created, used, updated, listed and deleted', async () => {
    const made = await admin.configs.create({ name: 'nightly', config: to('echo'), isDefault: 0, workspace_id: 'ws' });
    assert.match(made.slug, /^pc-nightly-[0-9a-f]{6}$/);
    assert.equal(made.object, 'config');
    assert.equal(made.data.id, made.id);

    const client = connect(here.gateway.key, { config: made.slug, traceID: newTrace() });
    const reply = await client.chat.completions.create({ model: 'any', messages });
    assert.ok(reply.choices[0].message.content.includes('four words'));

    const shown = await admin.configs.retrieve({ slug: made.slug });
    assert.equal(shown.name, 'nightly');
    assert.equal(shown.status, 'active');
    assert.equal(shown.version_id, made.version_id);
    assert.deepEqual(shown.config, to('echo'));

    const updated = await admin.configs.update({ slug: made.slug, name: 'weekly', config: to('server-error-503') });
    assert.notEqual(updated.version_id, made.version_id);
    await assert.rejects(client.chat.completions.create({ model: 'any', messages }), { status: 503 });

    const list = await admin.configs.list({ workspace_id: 'ws' });
    assert.equal(list.total, 1);
    assert.equal(list.data[0].name, 'weekly');
    assert.equal((await admin.configs.list()).total, 1);

    await admin.configs.delete({ slug: made.slug });
    await assert.rejects(admin.configs.retrieve({ slug: made.slug }), { status: 404 });
    await assert.rejects(client.chat.completions.create({ model: 'any', messages }), { status: 400 });
  });

  test('with an error are refused in words, and what was good stays', async () => {
    const made = await admin.configs.create({ name: 'good', config: to('echo') });
    const bad = { strategy: { mode: 'best' }, targets: [{ provider: 'openai', api_key: 'sk-canary-0badc0de' }] };
    await assert.rejects(admin.configs.update({ slug: made.slug, config: bad }), (error) => {
      assert.equal(error.status, 400);
      assert.match(JSON.stringify(error), /Invalid config passed/);
      assert.ok(!JSON.stringify(error).includes('sk-canary-0badc0de'));
      return true;
    });
    assert.deepEqual((await admin.configs.retrieve({ slug: made.slug })).config, to('echo'));
    await admin.configs.delete({ slug: made.slug });
  });

  test('need the scope', async () => {
    await assert.rejects(connect(here.gateway.key).configs.list(), { status: 403 });
  });
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
