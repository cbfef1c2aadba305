// SPDX-License-Identifier: GPL-3.0-or-later
// A check of our own mock: Amazon's SDK, with its own signing and event-stream decoder, must understand the Bedrock of
// lib/vendors before Portolan's codec is measured against it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { BedrockRuntimeClient, ConverseCommand, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';

import { bedrock } from './lib/vendors/bedrock.mjs';
import { Vendor } from './lib/vendors/vendor.mjs';

const question = {
  modelId: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
  messages: [{ role: 'user', content: [{ text: 'The weather in Oslo and Rome?' }] }],
  toolConfig: { tools: [{ toolSpec: { name: 'get_weather', inputSchema: { json: { type: 'object' } } } }] },
};
let vendor;
let client;
before(async () => {
  vendor = await Vendor.start(bedrock);
  client = new BedrockRuntimeClient({
    region: 'us-east-1', endpoint: vendor.url, maxAttempts: 1,
    requestHandler: new NodeHttpHandler(), // the SDK would speak HTTP/2
    credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'mock' },
  });
});
after(() => vendor.stop());

test('Amazon reads an answer of the mock', async () => {
  const { output, stopReason } = await client.send(new ConverseCommand(question));
  assert.equal(stopReason, 'tool_use');
  assert.deepEqual(output.message.content.slice(1).map(({ toolUse }) => toolUse.input), [{ city: 'Oslo' }, { city: 'Rome' }]);
});

test('Amazon reads a stream of the mock', async () => {
  const { stream } = await client.send(new ConverseStreamCommand(question));
  const inputs = {};
  let usage;
  for await (const event of stream) {
    const delta = event.contentBlockDelta;
    if (delta?.delta.toolUse) inputs[delta.contentBlockIndex] = (inputs[delta.contentBlockIndex] ?? '') + delta.delta.toolUse.input;
    usage ??= event.metadata?.usage;
  }
  assert.deepEqual(Object.values(inputs).map((text) => JSON.parse(text)), [{ city: 'Oslo' }, { city: 'Rome' }]);
  assert.equal(usage.outputTokens, 20);
});
