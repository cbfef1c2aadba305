// SPDX-License-Identifier: GPL-3.0-or-later
import OpenAI from 'openai';
import { personSchema, pixel, weather } from './shared.mjs';

const tool = { type: 'function', name: weather.name, description: weather.description, parameters: weather.schema, strict: false };

export const openaiResponses = {
  name: 'openai responses',
  connect: ({ url, key }, headers = {}) => new OpenAI({ apiKey: key, baseURL: url, maxRetries: 0, defaultHeaders: headers }),

  async ask(client, ask) {
    const content = [{ type: 'input_text', text: ask.text }];
    if (ask.image) content.push({ type: 'input_image', detail: 'auto', image_url: `data:${pixel.type};base64,${pixel.data}` });
    return complete(client, {
      model: ask.model,
      instructions: 'Be brief.',
      input: [{ type: 'message', role: 'user', content }],
      max_output_tokens: 4000,
      store: false,
      ...(ask.tools ? { tools: [tool] } : {}),
      ...(ask.schema ? { text: { format: { type: 'json_schema', name: 'person', schema: personSchema, strict: true } } } : {}),
      ...(ask.effort ? { reasoning: { effort: ask.effort, summary: 'auto' }, include: ['reasoning.encrypted_content'] } : {}),
    }, ask.stream);
  },

  goOn(client, { request, output, calls }, results, { stream = request.stream, ...more } = {}) {
    const answers = calls.map(({ id }, index) => ({ type: 'function_call_output', call_id: id, output: results[index] }));
    return complete(client, { ...request, ...more, input: [...request.input, ...output, ...answers] }, stream);
  },

  say(client, { request, output }, content, { stream = request.stream, ...more } = {}) {
    return complete(client, { ...request, ...more, input: [...request.input, ...output, { role: 'user', content }] }, stream);
  },
};

async function complete(client, { stream: ignored, ...request }, stream) {
  const reply = stream ? await client.responses.stream(request).finalResponse() : await client.responses.create(request);
  if (reply.status === 'failed') throw new Error(reply.error.message);
  const of = (type) => reply.output.filter((item) => item.type === type);
  return {
    request: { ...request, stream },
    output: reply.output.map(asSent),
    text: reply.output_text,
    reasoning: of('reasoning').flatMap(({ summary }) => summary.map(({ text }) => text)).join(''),
    calls: of('function_call').map(({ call_id, name, arguments: text }) => ({ id: call_id, name, input: JSON.parse(text) })),
    finish: of('function_call').length > 0 ? 'tools' : { completed: 'stop', incomplete: 'length' }[reply.status],
    usage: { input: reply.usage.input_tokens, output: reply.usage.output_tokens, cached: reply.usage.input_tokens_details.cached_tokens },
  };
}

/// An item of an answer without what the SDK's stream adds to it, which the API does not take back.
function asSent({ parsed_arguments, ...item }) {
  return item.content ? { ...item, content: item.content.map(({ parsed, ...part }) => part) } : item;
}
