// SPDX-License-Identifier: GPL-3.0-or-later
// Where client and vendor speak the same dialect nothing is parsed and printed again: what a client sent arrives byte for
// byte, apart from the model's name, and so does what the vendor answers.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { modelOf, vendors, worldOfVendors } from './lib/vendors/all.mjs';

const here = worldOfVendors();

/// Odd order, odd spelling of numbers, odd white space: none of it may change.
const bodies = {
  responses: (model, stream) => `{ "store":false,"input" : [{"role":"user","content":[{"type":"input_text","text":"The weather in Oslo and Rome? \\u00e5\\/"}]}],
    "max_output_tokens":4.00e3, "stream":${stream},"reasoning":{"summary":"auto","effort":"low"},"model" :"${model}",
    "include":["reasoning.encrypted_content"],"tools":[{"type":"function","strict":false,"name":"get_weather","parameters":{"type":"object"}}] }`,
  anthropic: (model, stream) => `{ "messages" : [{"content":"The weather in Oslo and Rome? \\u00e5\\/","role":"user"}],"stream":${stream},
    "max_tokens":4.00e3,"model" :"${model}","tools":[{"input_schema":{"type":"object"},"name":"get_weather"}]}`,
};
const ways = {
  responses: { path: '/responses', headers: { authorization: 'Bearer sk-vendor' } },
  anthropic: { path: '/messages', headers: { 'x-api-key': 'sk-vendor', 'anthropic-version': '2023-06-01' } },
};

for (const [slug, body] of Object.entries(bodies)) {
  const { path, headers } = ways[slug];
  const post = (url, text, more) => fetch(`${url}${path}`, { method: 'POST', body: text, headers: { 'content-type': 'application/json', ...headers, ...more } });
  describe(`${slug} to ${slug}`, () => {
    for (const stream of [false, true]) {
      test(stream ? 'streamed' : 'whole', async () => {
        const vendor = here.vendors[slug];
        const answer = await post(here.gateway.url, body(modelOf(slug), stream), { authorization: `Bearer ${here.gateway.key}`, 'x-api-key': here.gateway.key });
        const text = await answer.text();
        assert.equal(answer.status, 200, text);
        assert.equal(vendor.last.body, body(vendors[slug].model, stream));
        assert.equal(text, await (await post(vendor.url, body(vendors[slug].model, stream))).text());
      });
    }
  });
}
