// SPDX-License-Identifier: GPL-3.0-or-later
// `portkey-ai` makes, reads, changes, rotates and removes virtual keys, providers, integrations and API keys here.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Portkey } from 'portkey-ai';

import { world } from './lib/fixture.mjs';

const here = world();
const messages = [{ role: 'user', content: 'Say four words' }];
const secret = 'sk-canary-0123456789abcdefghijklmnop';
const connect = (apiKey, options) => new Portkey({ apiKey, baseURL: here.gateway.url, ...options });
const administer = async (name) => {
  const { token } = await here.gateway.command('key', 'create', '--name', name, '--scope', 'admin');
  return connect(token);
};
const gone = { status: 404 };

test('virtual keys', async () => {
  const { virtualKeys } = await administer('virtual keys');
  const made = await virtualKeys.create({
    name: 'My OpenAI', provider: 'openai', key: secret, note: null,
    usage_limits: { credit_limit: 10, alert_threshold: 9, periodic_reset: 'monthly' },
  });
  assert.equal(made.slug, 'my-openai');
  const shown = await virtualKeys.retrieve({ slug: made.slug });
  assert.deepEqual(
    [shown.name, shown.ai_provider_name, shown.status, shown.masked_api_key],
    ['My OpenAI', 'openai', 'active', '...mnop']);
  assert.deepEqual(
    [shown.usage_limits.credit_limit, shown.usage_limits.alert_threshold, shown.usage_limits.periodic_reset],
    [10, 9, 'monthly']);
  await virtualKeys.update({
    slug: made.slug, name: 'Ours', note: 'more', rate_limits: [{ type: 'requests', unit: 'rpm', value: 60 }],
  });
  const again = await virtualKeys.retrieve({ slug: made.slug });
  assert.deepEqual([again.name, again.note, again.rate_limits[0].value], ['Ours', 'more', 60]);
  assert.equal(again.usage_limits.credit_limit, 10);
  const list = await virtualKeys.list();
  assert.ok(list.data.some(({ slug }) => slug === made.slug));
  assert.ok(!JSON.stringify(list).includes(secret));
  await virtualKeys.delete({ slug: made.slug });
  await assert.rejects(virtualKeys.retrieve({ slug: made.slug }), gone);
});

test('integrations with their models, and providers', async () => {
  const { integrations, providers } = await administer('providers');
  const made = await integrations.create({
    name: 'Azure of the team', slug: 'azure', ai_provider_id: 'azure-openai', key: secret,
    configurations: { azure_resource_name: 'my-resource' },
  });
  assert.equal(made.slug, 'azure');
  const shown = await integrations.retrieve({ slug: 'azure' });
  assert.deepEqual([shown.ai_provider_id, shown.configurations.resource], ['azure-openai', 'my-resource']);
  await integrations.update({ slug: 'azure', name: 'Azure' });
  assert.equal((await integrations.retrieve({ slug: 'azure' })).name, 'Azure');
  assert.ok((await integrations.list()).data.some(({ slug }) => slug === 'azure'));

  const price = { request_token: { price: 0.0001 }, response_token: { price: 0.0002 } };
  await integrations.models.update({
    slug: 'azure',
    models: [{
      slug: 'our-model', enabled: true, is_custom: true, pricing_config: { type: 'static', pay_as_you_go: price },
    }],
  });
  const ours = ({ models }) => models.find(({ slug }) => slug === 'our-model');
  assert.deepEqual(ours(await integrations.models.list({ slug: 'azure' })).pricing_config.pay_as_you_go, price);
  await integrations.models.delete({ slug: 'azure', slugs: 'our-model' });
  assert.equal(ours(await integrations.models.list({ slug: 'azure' })), undefined);

  const provider = await providers.create({ name: 'Team', integration_id: 'azure', slug: 'team' });
  assert.equal(provider.slug, 'team');
  await providers.update({ slug: 'team', note: 'for all', expires_at: '2040-01-01T00:00:00Z' });
  const read = await providers.retrieve({ slug: 'team' });
  assert.deepEqual([read.name, read.note, read.integration_id], ['Team', 'for all', 'azure']);
  assert.equal(Date.parse(read.expires_at), Date.parse('2040-01-01T00:00:00Z'));
  assert.equal((await providers.list({ current_page: 0, page_size: 1 })).data.length, 1);
  await providers.delete({ slug: 'team' });
  await assert.rejects(providers.retrieve({ slug: 'team' }), gone);
  await integrations.delete({ slug: 'azure' });
  await assert.rejects(integrations.retrieve({ slug: 'azure' }), gone);
});

test('API keys', async () => {
  const boss = await administer('API keys');
  const { apiKeys } = boss;
  const made = await apiKeys.create({
    type: 'workspace', 'sub-type': 'service', name: 'agent', scopes: ['completions.write'],
    defaults: { metadata: { _user: 'ada' } }, expires_at: '2040-01-01T00:00:00Z',
  });
  const chat = (apiKey) =>
    connect(apiKey).chat.completions.create({ model: '@practice/echo', messages, max_tokens: 8 });
  assert.ok((await chat(made.key)).choices[0].message.content);
  const shown = await apiKeys.retrieve({ id: made.id });
  assert.deepEqual([shown.name, shown.type, shown.status], ['agent', 'workspace-service', 'active']);
  assert.deepEqual(shown.defaults.metadata, { _user: 'ada' });
  assert.ok(!JSON.stringify(shown).includes(made.key));
  await apiKeys.update({ id: made.id, name: 'robot', usage_limits: { credit_limit: 5, type: 'cost' } });
  const again = await apiKeys.retrieve({ id: made.id });
  assert.deepEqual([again.name, again.usage_limits.credit_limit, again.scopes], ['robot', 5, ['completions.write']]);
  assert.ok((await apiKeys.list({ page_size: 100 })).data.some(({ id }) => id === made.id));

  const rotated = await boss.post(`/api-keys/${made.id}/rotate`, { key_transition_period_ms: 1_800_000 });
  assert.ok((await chat(rotated.key)).choices[0].message.content);
  assert.ok((await chat(made.key)).choices[0].message.content);
  await apiKeys.delete({ id: made.id });
  await assert.rejects(chat(rotated.key), { status: 401 });
  await assert.rejects(apiKeys.retrieve({ id: made.id }), gone);
});

test('the audit log names who did what', async () => {
  const boss = await administer('auditor');
  await boss.integrations.create({ name: 'Short', slug: 'short', ai_provider_id: 'openai', key: secret });
  await here.gateway.command('account', 'remove', '--slug', 'short');
  const { changes } = await here.gateway.command('audit', '--resource', 'account', '--limit', '2');
  assert.deepEqual(
    changes.map(({ by, action, name }) => [by, action, name]),
    [['command line', 'delete', 'short'], ['auditor', 'create', 'short']]);
  assert.equal(changes[1].after.credential, '...mnop');
  const shown = await fetch(new URL('/v1/audit-logs?user_id=auditor', here.gateway.url), {
    headers: { 'x-portkey-api-key': boss.apiKey },
  });
  const text = await shown.text();
  assert.equal(JSON.parse(text).records[0].resource_name, 'short');
  assert.ok(!text.includes(secret) && !JSON.stringify(changes).includes(secret));
});
