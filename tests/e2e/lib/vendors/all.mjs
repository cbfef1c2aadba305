// SPDX-License-Identifier: GPL-3.0-or-later
// One mock vendor of every kind, each behind an account of the gateway that has its name.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';

import { Gateway } from '../gateway.mjs';
import { anthropic } from './anthropic.mjs';
import { bedrock } from './bedrock.mjs';
import { chat } from './chat.mjs';
import { cohere } from './cohere.mjs';
import { gemini } from './gemini.mjs';
import { responses } from './responses.mjs';
import { Vendor } from './vendor.mjs';

export const vendors = {
  chat: { dialect: chat, provider: 'deepinfra', model: 'Qwen/Qwen3.5-122B-A10B' },
  responses: { dialect: responses, provider: 'openai', model: 'gpt-5-codex' },
  anthropic: { dialect: anthropic, provider: 'anthropic', model: 'claude-sonnet-4-5' },
  gemini: { dialect: gemini, provider: 'google', model: 'gemini-3-pro-preview' },
  bedrock: { dialect: bedrock, provider: 'bedrock', model: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0', settings: ['region=us-east-1'] },
  cohere: { dialect: cohere, provider: 'cohere', model: 'command-a-reasoning-08-2025' },
};
export const modelOf = (slug) => `@${slug}/${vendors[slug].model}`;

/// Fills in `gateway` and `vendors` (slug: Vendor) of the returned object before the first test of the file.
export function worldOfVendors(finished = () => {}) {
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
    assert.equal(code, 0, 'the gateway ends well when asked to');
    finished();
  });
  return here;
}
