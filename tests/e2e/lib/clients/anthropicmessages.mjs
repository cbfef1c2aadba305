// SPDX-License-Identifier: GPL-3.0-or-later
import Anthropic from '@anthropic-ai/sdk';
import { personSchema, pixel, weather } from './shared.mjs';

export const anthropicMessages = {
  name: 'anthropic messages',
  connect: ({ url, key }, headers = {}) => new Anthropic({ apiKey: key, baseURL: url.replace(/\/v1$/, ''), maxRetries: 0, defaultHeaders: headers }),

  async ask(client, ask) {
    const content = [{ type: 'text', text: ask.text }];
    if (ask.image) content.push({ type: 'image', source: { type: 'base64', media_type: pixel.type, data: pixel.data } });
    return complete(client, {
      model: ask.model,
      system: 'Be brief.',
      max_tokens: 4000,
      messages: [{ role: 'user', content }],
      ...(ask.tools ? { tools: [{ name: weather.name, description: weather.description, input_schema: weather.schema }] } : {}),
      ...(ask.schema ? { output_config: { format: { type: 'json_schema', schema: personSchema } } } : {}),
      ...(ask.effort ? { thinking: { type: 'enabled', budget_tokens: 1024 } } : {}),
    }, ask.stream);
  },

  goOn(client, { calls, ...before }, results, more) {
    return this.say(client, before, calls.map(({ id }, index) => ({ type: 'tool_result', tool_use_id: id, content: results[index] })), more);
  },

  say(client, { request, content }, said, { stream = request.stream, ...more } = {}) {
    const messages = [...request.messages, { role: 'assistant', content }, { role: 'user', content: said }];
    return complete(client, { ...request, ...more, messages }, stream);
  },
};

async function complete(client, { stream: ignored, ...request }, stream) {
  const reply = stream ? await client.messages.stream(request).finalMessage() : await client.messages.create(request);
  const of = (type) => reply.content.filter((block) => block.type === type);
  return {
    request: { ...request, stream },
    content: reply.content,
    text: of('text').map(({ text }) => text).join(''),
    reasoning: of('thinking').map(({ thinking }) => thinking).join(''),
    calls: of('tool_use').map(({ id, name, input }) => ({ id, name, input })),
    finish: { end_turn: 'stop', tool_use: 'tools', max_tokens: 'length' }[reply.stop_reason],
    usage: {
      input: reply.usage.input_tokens + (reply.usage.cache_read_input_tokens ?? 0), output: reply.usage.output_tokens,
      cached: reply.usage.cache_read_input_tokens,
    },
  };
}
