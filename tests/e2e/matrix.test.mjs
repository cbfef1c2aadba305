// SPDX-License-Identifier: GPL-3.0-or-later
// Every client by every vendor: each SDK asks, through Portolan, mock vendors that were written from the wire documents and
// are as strict as the real ones. The table that is printed at the end stands in core/dialect/README.md.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { clients } from './lib/clients/all.mjs';
import { pixelBytes } from './lib/clients/shared.mjs';
import { modelOf, vendors, worldOfVendors } from './lib/vendors/all.mjs';
import { person, usage } from './lib/vendors/brain.mjs';

const said = 'You said Hello.';
const bothCities = [{ city: 'Oslo' }, { city: 'Rome' }];
const inputs = ({ calls }) => calls.map(({ input }) => input);

/// Whether a reasoning model's thoughts reach the client as text. OpenAI's own models tell a summary, to who asks for one, and
/// the provider of `ai` for OpenAI's chat passes none on.
function showsReasoning({ name }, slug) {
  return name !== 'ai openai' && (slug !== 'responses' || name === 'openai responses');
}

/// name: [what is asked, what must hold]; a word that the check returns stands in the table instead of "yes".
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
  reasoning: [{ text: 'Hello', effort: 'low' }, (reply, goOn, client, slug) => {
    assert.equal(reply.text, said);
    return checkedReasoning(reply, client, slug);
  }],
  'reasoning, streamed, with tools': [{ text: 'The weather in Oslo?', effort: 'low', tools: true, stream: true }, async (reply, goOn, client, slug) => {
    assert.equal((await goOn(reply, ['rain'])).text, 'It is rain.');
    return checkedReasoning(reply, client, slug);
  }],
  'cut by length': [{ text: 'long' }, (reply) => assert.equal(reply.finish, 'length')],
};

function checkedReasoning({ reasoning }, client, slug) {
  const shown = showsReasoning(client, slug);
  assert.equal(reasoning, shown ? 'First I think.' : '');
  return shown ? 'yes' : 'hidden';
}

const failures = {
  'rate limit': [{ text: 'fail 429' }, (error) => assert.equal(error.status ?? error.statusCode, 429)],
  overloaded: [{ text: 'fail 529' }, (error, { name }) =>
    assert.equal(error.status ?? error.statusCode, name.includes('anthropic') ? 529 : 503)],
  'error in a stream': [{ text: 'fail midway', stream: true }, (error) => assert.match(error.message, /midway/)],
  'broken stream': [{ text: 'break', stream: true }, () => {}],
};

const table = new Map();
const here = worldOfVendors(() => {
  const names = [...Object.keys(features), ...Object.keys(failures)];
  console.log(`| client | vendor | ${names.join(' | ')} |\n|---|---|${'---|'.repeat(names.length)}`);
  for (const [pair, results] of table) console.log(`| ${pair} | ${names.map((name) => results.get(name) ?? ' ').join(' | ')} |`);
});

for (const client of clients) {
  for (const slug of Object.keys(vendors)) {
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
            const reply = await client.ask(link, { ...ask, model: modelOf(slug) });
            const word = await check(reply, (before, answers) => client.goOn(link, before, answers), client, slug);
            results.set(name, word ?? 'yes');
          } catch (error) {
            if (why()) error.message += `\nthe vendor said: ${why()}`;
            throw error;
          }
        });
      }
      for (const [name, [ask, check]] of Object.entries(failures)) {
        test(name, async () => {
          results.set(name, 'no');
          await assert.rejects(client.ask(connected(), { ...ask, model: modelOf(slug) }), (error) => {
            check(error, client);
            return true;
          });
          assert.equal(why(), '');
          results.set(name, 'yes');
        });
      }
    });
  }
}
