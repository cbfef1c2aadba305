// SPDX-License-Identifier: GPL-3.0-or-later
// Every config of tests/data/portkey-examples, sent as it is by `portkey-ai`, to mock vendors that misbehave on purpose: who is
// called, how often, with what, and what the client is told of it (gateway-protocol 2.5, 3 and 5).
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, beforeEach, describe, test } from 'node:test';
import { Portkey } from 'portkey-ai';

import { newTrace } from './lib/fixture.mjs';
import { Gateway } from './lib/gateway.mjs';
import { MockProvider } from './lib/mockprovider.mjs';
import { anthropic } from './lib/vendors/anthropic.mjs';
import { bedrock } from './lib/vendors/bedrock.mjs';
import { chat, relative } from './lib/vendors/chat.mjs';
import { Vendor } from './lib/vendors/vendor.mjs';

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
const here = { vendors: {} };

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
const example = async (name) => (await readFile(new URL(`./portkey-examples/${name}.json`, import.meta.url), 'utf8')).replaceAll(/\n */g, ' ');
const question = { model: 'gpt-4o', messages: [{ role: 'user', content: 'Hello' }], max_tokens: 100 };

/// What came of one request: { status, text, error, headers }. `file` names the config.
async function ask(file, body = {}, options = {}) {
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
const calls = () =>
  Object.fromEntries(Object.entries(here.vendors).map(([slug, { requests }]) => [slug, requests.length]).filter(([, count]) => count > 0));
const last = (slug) => here.vendors[slug].last;
const fail = (slug, ...faults) => here.vendors[slug].faults.push(...faults);
const repeated = (count, fault) => Array(count).fill(fault);

/// A good answer, by the target at `path`.
function assertServed({ status, text, headers, error }, path, provider, retries = '0') {
  assert.equal(status, 200, JSON.stringify(error));
  assert.equal(text, 'You said Hello.');
  assertHeaders(headers, path, provider, retries);
}

function assertHeaders(headers, path, provider, retries = '0') {
  assert.equal(headers['last-used-option-index'], path);
  assert.equal(headers.provider, provider);
  assert.equal(headers['retry-attempt-count'], retries);
  assert.equal(headers['cache-status'], 'DISABLED');
  assert.match(headers['trace-id'], /^e2e-/);
}

test('01 single', async () => {
  const reply = await ask('01-single', {}, { customHost: here.lenient.url });
  assert.equal(reply.status, 200, JSON.stringify(reply.error));
  assertHeaders(reply.headers, 'config', 'openai');
  assert.equal(here.lenient.last.headers.authorization, 'Bearer sk-example');
  assert.equal(here.lenient.requests.length, 1);
});

test('02 virtual key', async () => {
  assertServed(await ask('02-virtual-key'), 'config', 'openai');
  assert.deepEqual(calls(), { 'openai-prod': 1 });
});

describe('03 fallback', () => {
  test('the first answers', async () => {
    assertServed(await ask('03-fallback'), 'config.targets[0]', 'anthropic');
    assert.deepEqual(calls(), { 'anthropic-prod': 1 });
    assert.equal(last('anthropic-prod').json.model, 'claude-sonnet-4-6');
  });

  for (const fault of [400, 401, 404, 429, 500, 529, 'reset']) {
    test(`the first fails with ${fault}`, async () => {
      fail('anthropic-prod', fault);
      assertServed(await ask('03-fallback'), 'config.targets[1]', 'openai');
      assert.deepEqual(calls(), { 'anthropic-prod': 1, 'openai-prod': 1 });
      assert.equal(last('openai-prod').json.model, 'gpt-4o');
    });
  }

  test('the first listens no more', async () => {
    const vendor = here.vendors['anthropic-prod'];
    await vendor.stop();
    try {
      assertServed(await ask('03-fallback'), 'config.targets[1]', 'openai');
    } finally {
      await vendor.listen(vendor.port);
    }
  });

  test('a stream that ends before its first word falls back, one that has begun does not', async () => {
    const client = new Portkey({ apiKey: here.gateway.key, baseURL: here.gateway.url, config: await example('03-fallback') });
    const stream = async (content) => {
      let text = '';
      for await (const chunk of await client.chat.completions.create({ ...question, messages: [{ role: 'user', content }], stream: true })) {
        text += chunk.choices[0]?.delta?.content ?? '';
      }
      return text;
    };
    fail('anthropic-prod', 'cut');
    assert.equal(await stream('Hello'), 'You said Hello.');
    assert.deepEqual(calls(), { 'anthropic-prod': 1, 'openai-prod': 1 });
    await stream('break').catch(() => {});
    assert.deepEqual(calls(), { 'anthropic-prod': 2, 'openai-prod': 1 });
  });

  test('all fail: the last one’s words', async () => {
    fail('anthropic-prod', 500);
    fail('openai-prod', { status: 404, headers: { 'x-request-id': 'req_404' } });
    const { status, error, headers, all } = await ask('03-fallback');
    assert.equal(status, 404);
    assert.match(JSON.stringify(error), /Failing with 404/);
    assert.equal(all['x-request-id'], 'req_404');
    assertHeaders(headers, 'config.targets[1]', 'openai');
    assert.deepEqual(calls(), { 'anthropic-prod': 1, 'openai-prod': 1 });
  });
});

describe('04 fallback on codes', () => {
  test('429, then 503, then an answer', async () => {
    fail('anthropic-prod', 429);
    fail('openai-prod', 503);
    assertServed(await ask('04-fallback-on-codes'), 'config.targets[2]', 'bedrock');
    assert.deepEqual(calls(), { 'anthropic-prod': 1, 'openai-prod': 1, 'bedrock-prod': 1 });
  });

  test('a connection that breaks counts as 503', async () => {
    fail('anthropic-prod', 'reset');
    assertServed(await ask('04-fallback-on-codes'), 'config.targets[1]', 'openai');
  });

  // 529 is compared before it becomes another status for the client.
  for (const status of [400, 500, 529]) {
    test(`${status} is not listed`, async () => {
      fail('anthropic-prod', status);
      const reply = await ask('04-fallback-on-codes');
      assert.notEqual(reply.status, 200);
      assertHeaders(reply.headers, 'config.targets[0]', 'anthropic');
      assert.deepEqual(calls(), { 'anthropic-prod': 1 });
    });
  }
});

describe('05 weights', () => {
  test('70, 20, 10 of a hundred', async () => {
    const total = 400;
    for (let begun = 0; begun < total; begun += 20) {
      const replies = await Promise.all(Array.from({ length: 20 }, () => ask('05-loadbalance-70-20-10')));
      for (const { status } of replies) assert.equal(status, 200);
    }
    for (const [slug, share] of [['openai-a', 0.7], ['openai-b', 0.2], ['openai-c', 0.1]]) {
      const expected = total * share;
      // Five sigma: once in a million runs chance alone is beyond it.
      const bound = 5 * Math.sqrt(expected * (1 - share));
      const count = here.vendors[slug].requests.length;
      assert.ok(Math.abs(count - expected) < bound, `${slug}: ${count} of ${total}`);
    }
  });

  test('the chosen one’s error is the answer', async () => {
    for (const slug of ['openai-a', 'openai-b', 'openai-c']) fail(slug, 418);
    assert.equal((await ask('05-loadbalance-70-20-10')).status, 418);
    assert.equal(Object.values(calls()).reduce((sum, count) => sum + count), 1);
  });
});

test('06 canary', async () => {
  const total = 200;
  fail('candidate', ...repeated(total, 500));
  const paths = {};
  for (let begun = 0; begun < total; begun += 20) {
    for (const { status, headers } of await Promise.all(Array.from({ length: 20 }, () => ask('06-canary-nested')))) {
      assert.equal(status, 200);
      paths[headers['last-used-option-index']] = (paths[headers['last-used-option-index']] ?? 0) + 1;
    }
  }
  assert.deepEqual(Object.keys(paths).sort(), ['config.targets[0]', 'config.targets[1].targets[1]']);
  assert.deepEqual(calls(), { 'openai-prod': total, candidate: paths['config.targets[1].targets[1]'] });
  assert.ok(here.vendors.candidate.requests.every(({ body }) => JSON.parse(body).model === 'new-model'));
  assert.ok(here.vendors['openai-prod'].requests.every(({ json }) => json.model === 'gpt-4o'));
});

describe('07 conditional on metadata', () => {
  for (const [env, slug, path, provider] of [
    ['prod', 'openai-prod', 'config.targets[0]', 'openai'],
    ['dev', 'local-llama', 'config.targets[1]', 'ollama'],
    ['test', 'local-llama', 'config.targets[1]', 'ollama'],
    [undefined, 'local-llama', 'config.targets[1]', 'ollama'],
  ]) {
    test(`env ${env}`, async () => {
      assertServed(await ask('07-conditional-metadata', {}, env ? { metadata: { env, _user: 'jane' } } : {}), path, provider);
      assert.deepEqual(calls(), { [slug]: 1 });
    });
  }
});

describe('08 conditions in conditions', () => {
  for (const [name, plan, body, slug, model, path] of [
    ['plan and model', 'team', {}, 'anthropic-prod', 'claude-sonnet-4-6', 'config.targets[0]'],
    ['plan and many tokens', 'enterprise', { model: 'o3', max_tokens: 2001 }, 'anthropic-prod', 'claude-sonnet-4-6', 'config.targets[0]'],
    ['plan alone', 'team', { model: 'o3', max_tokens: 2000 }, 'openai-prod', 'gpt-4o-mini', 'config.targets[2]'],
    ['model alone', 'free', {}, 'openai-prod', 'gpt-4o-mini', 'config.targets[2]'],
  ]) {
    test(name, async () => {
      const reply = await ask('08-conditional-and-or', body, { metadata: { plan } });
      assertServed(reply, path, slug === 'openai-prod' ? 'openai' : 'anthropic');
      assert.deepEqual(calls(), { [slug]: 1 });
      assert.equal(last(slug).json.model, model);
    });
  }

  test('the path', async () => {
    const client = new Portkey({ apiKey: here.gateway.key, baseURL: here.gateway.url, config: await example('08-conditional-and-or'), metadata: { plan: 'free' } });
    const reply = await client.embeddings.create({ model: 'text-embedding-3-small', input: 'Hello' });
    assert.equal(reply.getHeaders()['last-used-option-index'], 'config.targets[1]');
    assert.equal(last('openai-prod').json.model, 'text-embedding-3-small');
  });
});

describe('09 retry', () => {
  test('401, 429, then an answer, a second and two later', async () => {
    fail('openai-prod', 401, 429);
    const begin = performance.now();
    assertServed(await ask('09-retry'), 'config', 'openai', '2');
    assert.deepEqual(calls(), { 'openai-prod': 3 });
    assert.ok(performance.now() - begin >= 2900, 'no Retry-After is asked for: one second, then two');
  });

  test('500 is not listed', async () => {
    fail('openai-prod', 500);
    const reply = await ask('09-retry');
    assert.equal(reply.status, 500);
    assertHeaders(reply.headers, 'config', 'openai');
    assert.deepEqual(calls(), { 'openai-prod': 1 });
  });
});

describe('10 Retry-After', () => {
  test('is waited for, five times', async () => {
    fail('openai-prod', ...repeated(6, { status: 429, headers: { 'retry-after-ms': '30' } }));
    const begin = performance.now();
    const reply = await ask('10-retry-after');
    assert.equal(reply.status, 429);
    assertHeaders(reply.headers, 'config', 'openai', '-1');
    assert.deepEqual(calls(), { 'openai-prod': 6 });
    assert.ok(performance.now() - begin < 1000, 'after a wait that was asked for no other is added');
  });

  test('in seconds', async () => {
    fail('openai-prod', { status: 429, headers: { 'retry-after': '1' } });
    const begin = performance.now();
    assertServed(await ask('10-retry-after'), 'config', 'openai', '1');
    assert.ok(performance.now() - begin >= 950);
  });

  test('is not waited for when it is long', async () => {
    fail('openai-prod', { status: 429, headers: { 'retry-after': '100' } });
    const reply = await ask('10-retry-after');
    assert.equal(reply.status, 429);
    assert.equal(reply.all['retry-after'], '100');
    assertHeaders(reply.headers, 'config', 'openai', '-1');
    assert.deepEqual(calls(), { 'openai-prod': 1 });
  });
});

describe('11 time-outs', () => {
  test('one is inherited, one is the target’s own', async () => {
    fail('openai-prod', 'silence');
    fail('azure-prod', { late: 2500 });
    assertServed(await ask('11-timeouts-inherited'), 'config.targets[1]', 'azure-openai');
    assert.deepEqual(calls(), { 'openai-prod': 1, 'azure-prod': 1 });
  });

  test('408 by the vendor counts too; the last target retries', async () => {
    fail('openai-prod', 408);
    fail('azure-prod', 408);
    fail('local-llama', 503);
    assertServed(await ask('11-timeouts-inherited'), 'config.targets[2]', 'ollama', '1');
    assert.deepEqual(calls(), { 'openai-prod': 1, 'azure-prod': 1, 'local-llama': 2 });
  });

  test('the client’s own header is stronger than the config', async () => {
    fail('openai-prod', 'silence');
    fail('azure-prod', 'silence');
    fail('local-llama', 'silence');
    const { status, error } = await ask('11-timeouts-inherited', {}, { requestTimeout: 100 });
    assert.equal(status, 408);
    assert.match(JSON.stringify(error), /Request exceeded the timeout sent in the request: 100ms/);
    assert.deepEqual(calls(), { 'openai-prod': 1, 'azure-prod': 1, 'local-llama': 1 });
  });
});

describe('12 parameters', () => {
  test('are laid over the request’s, as they are spelled', async () => {
    assertServed(await ask('12-override-params', { temperature: 1, top_p: 0.5 }), 'config.targets[0]', 'openai');
    const { json, body } = last('openai-prod');
    assert.deepEqual(json, { ...question, model: 'gpt-4o', temperature: 0.1, top_p: 0.5, max_tokens: 512 });
    assert.match(body, /"temperature": *0\.10\b/);
  });

  test('a model can bring its account along', async () => {
    fail('openai-prod', 500);
    assertServed(await ask('12-override-params', { temperature: 1 }), 'config.targets[1]', 'bedrock');
    assert.match(last('bedrock-prod').path, /^\/model\/us\.meta\.llama3-3-70b-instruct-v1%3A0\/converse$/);
    assert.deepEqual(last('bedrock-prod').json.inferenceConfig, { maxTokens: 100, temperature: 1 });
  });
});

test('13 a cache whose engine is not here yet', async () => {
  for (let time = 0; time < 4; time++) {
    const { status, headers } = await ask('13-cache-simple-on-target');
    assert.equal(status, 200);
    assert.equal(headers['cache-status'], 'DISABLED');
  }
  assert.equal(here.vendors['openai-a'].requests.length + here.vendors['openai-b'].requests.length, 4);
});

describe('14 custom host', () => {
  const headers = { 'x-team': 'search', 'x-request-source': 'e2e' };
  const post = async (config, more = {}) =>
    fetch(`${here.gateway.url}/chat/completions`, {
      method: 'POST', body: JSON.stringify(question),
      headers: { 'content-type': 'application/json', 'x-portkey-api-key': here.gateway.key, 'x-portkey-config': config, ...headers, ...more },
    });
  const assertForwarded = () => {
    const { headers: seen } = here.lenient.last;
    assert.equal(seen['x-team'], 'search');
    assert.equal(seen['x-request-source'], 'e2e');
    assert.equal(seen.authorization, undefined, 'nobody named a credential');
  };

  test('of the header, which is stronger', async () => {
    const reply = await post(await example('14-custom-host-forward-headers'), { 'x-portkey-custom-host': here.lenient.url });
    assert.equal(reply.status, 200, await reply.text());
    assertForwarded();
  });

  test('of the config', async () => {
    const reply = await post((await example('14-custom-host-forward-headers')).replace('http://127.0.0.1:11434/v1', here.lenient.url));
    assert.equal(reply.status, 200, await reply.text());
    assert.equal(reply.headers.get('x-portkey-last-used-option-index'), 'config');
    assertForwarded();
  });
});

test('15 a guardrail that denies and whose engine is not here yet', async () => {
  const { status, error } = await ask('15-guardrails');
  assert.equal(status, 400);
  assert.match(JSON.stringify(error), /guardrail/i);
  assert.deepEqual(calls(), {});
});

describe('16 sticky and circuit breaker', () => {
  test('one person stays at one target', async () => {
    for (const user_id of ['ada', 'bob', 'eve', 'joe', 'kim']) {
      const paths = new Set();
      for (let time = 0; time < 4; time++) {
        const { status, headers } = await ask('16-circuit-breaker-sticky', {}, { metadata: { user_id } });
        assert.equal(status, 200);
        paths.add(headers['last-used-option-index']);
      }
      assert.equal(paths.size, 1);
    }
  });

  test('after three failures nobody is sent there', async () => {
    fail('openai-a', ...repeated(100, 500));
    for (let user = 0; user < 60; user++) await ask('16-circuit-breaker-sticky', {}, { metadata: { user_id: `new-${user}` } });
    assert.deepEqual(calls(), { 'openai-a': 3, 'openai-b': 57 });
  });
});

describe('17 two failures, then the next', () => {
  test('two retries at the first', async () => {
    fail('model-a', 500, 503, 429);
    assertServed(await ask('17-try-two-failures-then-next'), 'config.targets[1]', 'openai');
    assert.deepEqual(calls(), { 'model-a': 3, 'model-b': 1 });
  });

  test('400 is nothing to go on for', async () => {
    fail('model-a', 400);
    assert.equal((await ask('17-try-two-failures-then-next')).status, 400);
    assert.deepEqual(calls(), { 'model-a': 1 });
  });
});

test('18 what is not known is no error', async () => {
  fail('openai-prod', 500);
  assertServed(await ask('18-unknown-keys-kept', { model: 'claude-sonnet-4-6' }), 'config.targets[1]', 'anthropic');
  assert.deepEqual(calls(), { 'openai-prod': 1, 'anthropic-prod': 1 });
});
