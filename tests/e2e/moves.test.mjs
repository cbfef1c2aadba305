// SPDX-License-Identifier: GPL-3.0-or-later
// Conversations that move: with every SDK, a conversation with reasoning and parallel calls begins at one vendor, gets its
// results from another in the middle of the loop, calls there again, and comes back. The mock vendors refuse what they did
// not say themselves and can't read: foreign signatures, ids in foreign alphabets, results without calls.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { clients } from './lib/clients/all.mjs';
import { modelOf, vendors, worldOfVendors } from './lib/vendors/all.mjs';

const here = worldOfVendors();
const slugs = Object.keys(vendors);
const inputs = ({ calls }) => calls.map(({ input }) => input);

/// The first turn is streamed, the others are not: of two vendors each is the one that streams in one of the two orders.
async function converse(client, from, to) {
  const link = client.connect(here.gateway);
  const there = { model: modelOf(to), stream: false };
  const asked = await client.ask(link, { model: modelOf(from), text: 'The weather in Oslo and Rome?', tools: true, effort: 'low', stream: true });
  assert.deepEqual(inputs(asked), [{ city: 'Oslo' }, { city: 'Rome' }]);
  const answered = await client.goOn(link, asked, ['rain', 'sun'], there);
  assert.equal(answered.text, 'It is rain and sun.');
  const askedAgain = await client.say(link, answered, 'And the weather in Bonn and Cork?', there);
  assert.deepEqual(inputs(askedAgain), [{ city: 'Bonn' }, { city: 'Cork' }]);
  assert.equal(new Set([...asked.calls, ...askedAgain.calls].map(({ id }) => id)).size, 4, 'every call has an id of its own');
  const back = await client.goOn(link, askedAgain, ['fog', 'wind'], { model: modelOf(from) });
  assert.equal(back.text, 'It is fog and wind.');
  return client.say(link, back, 'Thanks', { stream: true });
}

/// Where a client can carry what a vendor wants back: its signature, or its encrypted reasoning.
const carries = {
  'openai chat': ['anthropic', 'gemini', 'bedrock'],
  'openai responses': ['responses', 'anthropic', 'gemini', 'bedrock'],
  'anthropic messages': ['responses', 'anthropic', 'gemini', 'bedrock'],
  'ai anthropic': ['anthropic', 'bedrock'],
};

for (const client of clients) {
  describe(client.name, () => {
    for (const slug of carries[client.name] ?? []) {
      for (const stream of [false, true]) {
        test(`stays at ${slug}, which gets its own reasoning back${stream ? ', streamed' : ''}`, async () => {
          const link = client.connect(here.gateway);
          const asked = await client.ask(link, { model: modelOf(slug), text: 'The weather in Oslo and Rome?', tools: true, effort: 'low', stream });
          assert.equal((await client.goOn(link, asked, ['rain', 'sun'])).text, 'It is rain and sun.');
          assert.equal(here.vendors[slug].last.asked.signatures.length, 1);
        });
      }
    }
    for (const from of slugs) {
      for (const to of slugs.filter((slug) => slug !== from)) {
        test(`from ${from} to ${to} and back`, async () => {
          const begin = { [from]: here.vendors[from].requests.length, [to]: here.vendors[to].requests.length };
          const problems = () =>
            [from, to].flatMap((slug) => here.vendors[slug].requests.slice(begin[slug]).filter(({ problem }) => problem).map(({ problem }) => `${slug}: ${problem}`));
          try {
            assert.equal((await converse(client, from, to)).text, 'You said Thanks.');
          } catch (error) {
            error.message += `\n${problems().join('\n')}`;
            throw error;
          }
          assert.deepEqual(problems().filter((problem) => !client.forgets?.test(problem)), []);
        });
      }
    }
  });
}
