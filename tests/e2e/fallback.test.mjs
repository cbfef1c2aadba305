// SPDX-License-Identifier: GPL-3.0-or-later
// A vendor fails and another one of another kind answers, and no SDK notices: every client, and every vendor as the one that
// fails and as the one that answers.
import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';

import { clients } from './lib/clients/all.mjs';
import { modelOf, vendors, worldOfVendors } from './lib/vendors/all.mjs';

const here = worldOfVendors();
const slugs = Object.keys(vendors);
const inputs = ({ calls }) => calls.map(({ input }) => input);
const question = { model: 'whatever', text: 'The weather in Oslo and Rome?', tools: true };

beforeEach(() => {
  for (const vendor of Object.values(here.vendors)) Object.assign(vendor, { requests: [], faults: [] });
});

/// Two of the other vendors: with all pairs the file takes twice as long and finds nothing more.
const followers = (slug) => [1, 3].map((step) => slugs[(slugs.indexOf(slug) + step) % slugs.length]);

function connected(client, from, to) {
  const targets = [from, to].map((slug) => ({ override_params: { model: modelOf(slug) } }));
  return client.connect(here.gateway, { 'x-portkey-config': JSON.stringify({ strategy: { mode: 'fallback' }, targets }) });
}

function assertCalls(from, to) {
  assert.equal(here.vendors[from].requests.length, 1);
  assert.equal(here.vendors[to].requests.length, 1, here.vendors[from].last?.problem);
  assert.equal(here.vendors[to].last.problem, undefined);
}

for (const client of clients) {
  for (const from of slugs) {
    for (const to of followers(from)) {
      describe(`${client.name}: ${from}, then ${to}`, () => {
        for (const [fault, stream] of [[503, false], [429, true], ['cut', true], ['fails', true]]) {
          test(`${fault}${stream ? ', streamed' : ''}`, async () => {
            here.vendors[from].faults = [fault];
            const reply = await client.ask(connected(client, from, to), { ...question, stream });
            assert.deepEqual(inputs(reply), [{ city: 'Oslo' }, { city: 'Rome' }]);
            assert.equal(reply.finish, 'tools');
            assertCalls(from, to);
          });
        }

        test('both fail', async () => {
          here.vendors[from].faults = [500];
          here.vendors[to].faults = [429];
          await assert.rejects(client.ask(connected(client, from, to), question), (error) => (error.status ?? error.statusCode) === 429);
          assertCalls(from, to);
        });
      });
    }
  }
}
