// SPDX-License-Identifier: GPL-3.0-or-later
// What every test file starts from: a gateway, and a mock provider that is the account @mock in it.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before } from 'node:test';

import { Gateway } from './gateway.mjs';
import { MockProvider } from './mockprovider.mjs';

export const credential = 'sk-mock-0123456789abcdef';

/// Fills in `gateway` and `mock` of the returned object before the first test of the file, then calls `begin`.
export function world(begin = () => {}) {
  const here = {};
  before(async () => {
    here.mock = await MockProvider.start();
    here.gateway = await Gateway.start();
    await here.gateway.addAccount('mock', 'openai', here.mock.url, credential);
    await begin();
  });
  after(async () => {
    const code = await here.gateway?.stop();
    await here.mock?.stop();
    assert.equal(code, 0, 'the gateway ends well when asked to');
  });
  return here;
}

/// A trace id of one request, so that its row can be found again.
export function newTrace() {
  return `e2e-${randomBytes(8).toString('hex')}`;
}

export const weatherTool = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'Weather of a city',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};

/// A prompt of a megabyte that no compression or cut could fake.
export function megabyte() {
  let text = '';
  for (let line = 0; text.length < 1_000_000; line++) text += `line ${line} of a long prompt\n`;
  return text;
}
