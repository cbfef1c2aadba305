// SPDX-License-Identifier: GPL-3.0-or-later
import OpenAI from 'openai';
import { personSchema, pixel, weather } from './shared.mjs';

const tool = { type: 'function', function: { name: weather.name, description: weather.description, parameters: weather.schema } };

export const openaiChat = {
  name: 'openai chat',
  connect: ({ url, key }, headers = {}) => new OpenAI({ apiKey: key, baseURL: url, maxRetries: 0, defaultHeaders: headers }),

  async ask(client, ask) {
    const content = ask.image
      ? [{ type: 'text', text: ask.text }, { type: 'image_url', image_url: { url: `data:${pixel.type};base64,${pixel.data}` } }]
      : ask.text;
    return complete(client, {
      model: ask.model,
      messages: [{ role: 'system', content: 'Be brief.' }, { role: 'user', content }],
      max_completion_tokens: 4000,
      ...(ask.tools ? { tools: [tool] } : {}),
      ...(ask.schema ? { response_format: { type: 'json_schema', json_schema: { name: 'person', schema: personSchema, strict: true } } } : {}),
      ...(ask.effort ? { reasoning_effort: ask.effort } : {}),
    }, ask.stream);
  },

  /// The same conversation with the results of the reply's calls.
  goOn(client, { request, message, calls }, results, { stream = request.stream, ...more } = {}) {
    const answers = calls.map(({ id }, index) => ({ role: 'tool', tool_call_id: id, content: results[index] }));
    return complete(client, { ...request, ...more, messages: [...request.messages, message, ...answers] }, stream);
  },

  /// The same conversation with what the person says next.
  say(client, { request, message }, content, { stream = request.stream, ...more } = {}) {
    return complete(client, { ...request, ...more, messages: [...request.messages, message, { role: 'user', content }] }, stream);
  },
};

async function complete(client, { stream: ignored, ...request }, stream) {
  let reply;
  let reasoning = ''; // the SDK does not join what it does not know
  if (stream) {
    const running = client.chat.completions.stream({ ...request, stream_options: { include_usage: true } });
    running.on('chunk', ({ choices }) => (reasoning += choices[0]?.delta.reasoning_content ?? ''));
    reply = await running.finalChatCompletion();
  } else {
    reply = await client.chat.completions.create(request);
  }
  const { message, finish_reason } = reply.choices[0];
  const { content, tool_calls, thinking_blocks } = message;
  return {
    request: { ...request, stream },
    message: {
      role: 'assistant', content, ...(thinking_blocks ? { thinking_blocks } : {}),
      ...(tool_calls ? { tool_calls: tool_calls.map(({ function: { name, arguments: text }, ...call }) => ({ ...call, function: { name, arguments: text } })) } : {}),
    },
    text: message.content ?? '',
    reasoning: stream ? reasoning : (message.reasoning_content ?? ''),
    calls: (message.tool_calls ?? []).map(({ id, function: called }) => ({ id, name: called.name, input: JSON.parse(called.arguments) })),
    finish: { stop: 'stop', tool_calls: 'tools', length: 'length' }[finish_reason],
    usage: { input: reply.usage.prompt_tokens, output: reply.usage.completion_tokens, cached: reply.usage.prompt_tokens_details?.cached_tokens },
  };
}
