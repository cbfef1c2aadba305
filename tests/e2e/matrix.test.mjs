// SPDX-License-Identifier: GPL-3.0-or-later
// Every client by every vendor: each SDK asks, through Portolan, mock vendors that were written from the wire documents and
// are as strict as the real ones. The table that is printed at the end stands in core/dialect/README.md.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { Gateway } from './lib/gateway.mjs';
import { aiAnthropic, aiOpenai } from './lib/clients/aisdk.mjs';
import { anthropicMessages } from './lib/clients/anthropicmessages.mjs';
import { openaiChat } from './lib/clients/openaichat.mjs';
import { openaiResponses } from './lib/clients/openairesponses.mjs';
import { pixelBytes } from './lib/clients/shared.mjs';
import { anthropic } from './lib/vendors/anthropic.mjs';
import { bedrock } from './lib/vendors/bedrock.mjs';
import { person, usage } from './lib/vendors/brain.mjs';
import { chat } from './lib/vendors/chat.mjs';
import { cohere } from './lib/vendors/cohere.mjs';
import { gemini } from './lib/vendors/gemini.mjs';
import { Vendor } from './lib/vendors/vendor.mjs';

const vendors = {
  chat: { dialect: chat, provider: 'deepinfra', model: 'Qwen/Qwen3.5-122B-A10B', native: ['openai chat', 'ai openai'] },
  anthropic: { dialect: anthropic, provider: 'anthropic', model: 'claude-sonnet-4-5', native: ['anthropic messages', 'ai anthropic'] },
  gemini: { dialect: gemini, provider: 'google', model: 'gemini-3-pro-preview' },
  bedrock: { dialect: bedrock, provider: 'bedrock', model: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0', settings: ['region=us-east-1'] },
  cohere: { dialect: cohere, provider: 'cohere', model: 'command-a-reasoning-08-2025' },
};
const clients = [openaiChat, openaiResponses, anthropicMessages, aiOpenai, aiAnthropic];

const said = 'You said Hello.';
const bothCities = [{ city: 'Oslo' }, { city: 'Rome' }];
const inputs = ({ calls }) => calls.map(({ input }) => input);

/// name: [what is asked, what must hold].
const features = {
  text: [{ text: 'Hello' }, (reply) => {
    assert.equal(reply.text, said);
    assert.equal(reply.finish, 'stop');
    assert.deepEqual(reply.usage, { input: usage.input, output: usage.output, cached: usage.cached });
  }],
  stream: [{ text: 'Hello', stream: true }, (reply) => {
    assert.equal(reply.text, said);
    assert.equal(reply.finish, 'stop');
    assert.equal(reply.usage.output, usage.output);
  }],
  tools: [{ text: 'The weather in Oslo?', tools: true }, async (reply, goOn) => {
    assert.deepEqual(inputs(reply), [{ city: 'Oslo' }]);
    assert.equal(reply.finish, 'tools');
    assert.equal((await goOn(reply, ['rain'])).text, 'It is rain.');
  }],
  'tools, streamed': [{ text: 'The weather in Oslo?', tools: true, stream: true }, async (reply, goOn) => {
    assert.deepEqual(inputs(reply), [{ city: 'Oslo' }]);
    assert.equal(reply.finish, 'tools');
    assert.equal((await goOn(reply, ['rain'])).text, 'It is rain.');
  }],
  'parallel tools': [{ text: 'The weather in Oslo and Rome?', tools: true }, async (reply, goOn) => {
    assert.deepEqual(inputs(reply), bothCities);
    assert.equal((await goOn(reply, ['rain', 'sun'])).text, 'It is rain and sun.');
  }],
  'parallel tools, streamed': [{ text: 'The weather in Oslo and Rome?', tools: true, stream: true }, async (reply, goOn) => {
    assert.deepEqual(inputs(reply), bothCities);
    assert.equal((await goOn(reply, ['rain', 'sun'])).text, 'It is rain and sun.');
  }],
  image: [{ text: 'What is this?', image: true }, (reply) => assert.equal(reply.text, `image/png of ${pixelBytes} bytes`)],
  'JSON schema': [{ text: 'Who?', schema: true }, (reply) => {
    assert.deepEqual(JSON.parse(reply.text), person);
    assert.equal(reply.finish, 'stop');
  }],
  'JSON schema, streamed': [{ text: 'Who?', schema: true, stream: true }, (reply) => assert.deepEqual(JSON.parse(reply.text), person)],
  reasoning: [{ text: 'Hello', effort: 'low' }, (reply, goOn, { name }) => {
    assert.equal(reply.text, said);
    if (!noReasoning.includes(name)) assert.equal(reply.reasoning, 'First I think.');
  }],
  'reasoning, streamed, with tools': [{ text: 'The weather in Oslo?', effort: 'low', tools: true, stream: true }, async (reply, goOn, { name }) => {
    if (!noReasoning.includes(name)) assert.equal(reply.reasoning, 'First I think.');
    assert.equal((await goOn(reply, ['rain'])).text, 'It is rain.');
  }],
  'cut by length': [{ text: 'long' }, (reply) => assert.equal(reply.finish, 'length')],
};
/// The provider of `ai` for OpenAI's chat does not show reasoning.
const noReasoning = ['ai openai'];

const failures = {
  'rate limit': [{ text: 'fail 429' }, (error) => assert.equal(error.status ?? error.statusCode, 429)],
  overloaded: [{ text: 'fail 529' }, (error, { name }) =>
    assert.equal(error.status ?? error.statusCode, name.includes('anthropic') ? 529 : 503)],
  'broken stream': [{ text: 'break', stream: true }, () => {}],
};

const table = new Map();
const here = { vendors: {} };

before(async () => {
  here.gateway = await Gateway.start();
  for (const [slug, { dialect, provider, settings = [] }] of Object.entries(vendors)) {
    here.vendors[slug] = await Vendor.start(dialect);
    await here.gateway.addAccount(slug, provider, here.vendors[slug].url, 'sk-vendor', ...settings);
  }
});
after(async () => {
  const code = await here.gateway?.stop();
  for (const vendor of Object.values(here.vendors)) await vendor.stop();
  assert.equal(code, 0);
  const names = [...Object.keys(features), ...Object.keys(failures)];
  console.log(`| client | vendor | ${names.join(' | ')} |\n|---|---|${'---|'.repeat(names.length)}`);
  for (const [pair, results] of table) console.log(`| ${pair} | ${names.map((name) => results.get(name) ?? ' ').join(' | ')} |`);
});

for (const client of clients) {
  for (const [slug, { model }] of Object.entries(vendors)) {
    describe(`${client.name} by ${slug}`, () => {
      const results = new Map();
      table.set(`${client.name} | ${slug}`, results);
      const connected = () => client.connect(here.gateway);
      const why = () => here.vendors[slug].last?.problem ?? '';

      for (const [name, [ask, check]] of Object.entries(features)) {
        test(name, async () => {
          results.set(name, 'no');
          const link = connected();
          try {
            const reply = await client.ask(link, { ...ask, model: `@${slug}/${model}` });
            await check(reply, (before, answers) => client.goOn(link, before, answers), client);
          } catch (error) {
            if (why()) error.message += `\nthe vendor said: ${why()}`;
            throw error;
          }
          results.set(name, 'yes');
        });
      }
      for (const [name, [ask, check]] of Object.entries(failures)) {
        test(name, async () => {
          results.set(name, 'no');
          await assert.rejects(client.ask(connected(), { ...ask, model: `@${slug}/${model}` }), (error) => {
            check(error, client);
            return true;
          });
          results.set(name, 'yes');
        });
      }
    });
  }
}
