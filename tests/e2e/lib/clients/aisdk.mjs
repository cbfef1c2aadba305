// SPDX-License-Identifier: GPL-3.0-or-later
// The `ai` package, which parses more strictly than the vendors' own SDKs.
import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { generateText, jsonSchema, Output, streamText, tool } from 'ai';
import { personSchema, pixel, weather } from './shared.mjs';

export const aiOpenai = client('ai openai', ({ url, key }, headers = {}) => {
  const provider = createOpenAI({ baseURL: url, apiKey: key, headers });
  return (model) => provider.chat(model);
});
/// It leaves thinking out that nobody signed: a vendor of Claude refuses to think on then, and the gateway asks again without.
export const aiAnthropic = client('ai anthropic', ({ url, key }, headers = {}) => {
  const provider = createAnthropic({ baseURL: url, apiKey: key, headers });
  return (model) => provider(model);
}, { forgets: /Expected `thinking`/ });

function client(name, connect, more = {}) {
  return {
    ...more,
    name,
    connect,
    ask(models, ask) {
      const content = [{ type: 'text', text: ask.text }];
      if (ask.image) content.push({ type: 'image', image: Buffer.from(pixel.data, 'base64'), mediaType: pixel.type });
      return complete(models, {
        model: ask.model,
        system: 'Be brief.',
        messages: [{ role: 'user', content }],
        maxOutputTokens: 4000,
        ...(ask.tools ? { tools: { [weather.name]: tool({ description: weather.description, inputSchema: jsonSchema(weather.schema) }) } } : {}),
        ...(ask.schema ? { output: Output.object({ schema: jsonSchema(personSchema) }) } : {}),
        ...(ask.effort ? { providerOptions: { openai: { reasoningEffort: ask.effort, forceReasoning: true }, anthropic: { thinking: { type: 'enabled', budgetTokens: 1024 } } } } : {}),
      }, ask.stream);
    },
    goOn(models, { request, messages, calls }, results, { stream = request.stream, ...more } = {}) {
      const content = calls.map(({ id, name: toolName }, index) => ({
        type: 'tool-result', toolCallId: id, toolName, output: { type: 'text', value: results[index] },
      }));
      return complete(models, { ...request, ...more, messages: [...request.messages, ...messages, { role: 'tool', content }] }, stream);
    },
    say(models, { request, messages }, content, { stream = request.stream, ...more } = {}) {
      return complete(models, { ...request, ...more, messages: [...request.messages, ...messages, { role: 'user', content }] }, stream);
    },
  };
}

async function complete(models, { stream: ignored, ...request }, stream) {
  const call = { ...request, model: models(request.model), maxRetries: 0 };
  let failure;
  const reply = stream ? streamText({ ...call, onError: ({ error }) => (failure = error) }) : await generateText(call);
  if (stream) await reply.consumeStream();
  if (failure) throw failure;
  const usage = await reply.totalUsage;
  return {
    request: { ...request, stream },
    messages: (await reply.response).messages,
    text: await reply.text,
    reasoning: (await reply.reasoningText) ?? '',
    calls: (await reply.toolCalls).map(({ toolCallId, toolName, input }) => ({ id: toolCallId, name: toolName, input })),
    finish: { stop: 'stop', 'tool-calls': 'tools', length: 'length' }[await reply.finishReason],
    usage: { input: usage.inputTokens, output: usage.outputTokens, cached: usage.inputTokenDetails?.cacheReadTokens ?? usage.cachedInputTokens },
  };
}
