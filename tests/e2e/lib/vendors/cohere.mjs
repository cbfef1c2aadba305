// SPDX-License-Identifier: GPL-3.0-or-later
// Cohere's chat, version 2 (cohere.md).
import { pieces, usage } from './brain.mjs';
import { BadRequest, dataUrl, need, only, sendEvents } from './vendor.mjs';

const reported = {
  billed_units: { input_tokens: usage.input, output_tokens: usage.output },
  tokens: { input_tokens: usage.input, output_tokens: usage.output }, cached_tokens: usage.cached,
};

export const cohere = {
  base: '',

  read({ path, headers, json }) {
    need(path === '/v2/chat', `no route ${path}`);
    need(headers.authorization === 'Bearer sk-vendor', 'invalid api token');
    only(json, 'body', 'model', 'messages', 'stream', 'tools', 'strict_tools', 'tool_choice', 'documents', 'citation_options',
      'response_format', 'safety_mode', 'max_tokens', 'stop_sequences', 'temperature', 'seed', 'frequency_penalty',
      'presence_penalty', 'k', 'p', 'logprobs', 'thinking', 'priority');
    need([undefined, 'REQUIRED', 'NONE'].includes(json.tool_choice), 'tool_choice must be REQUIRED or NONE');
    need((json.temperature ?? 0) <= 1, 'temperature must be at most 1');
    const asked = {
      stream: json.stream === true, tools: (json.tools ?? []).map((tool) => tool.function.name), results: [], images: [],
      schema: Boolean(json.response_format?.json_schema), required: json.tool_choice === 'REQUIRED',
      reasoning: json.thinking?.type === 'enabled',
    };
    for (const tool of json.tools ?? []) need(tool.function.parameters, 'tools[].function.parameters is required');
    const open = new Set();
    for (const message of json.messages) readMessage(message, open, asked);
    need(open.size === 0, 'all tool_calls must have a tool message');
    return asked;
  },

  whole: (answer, { json }) => ({
    id: 'c1', finish_reason: finishReason(answer), usage: reported,
    message: {
      role: 'assistant',
      ...(answer.calls.length > 0
        ? { tool_plan: plan(answer), tool_calls: calls(answer, json) }
        : { content: [...thinking(answer), { type: 'text', text: answer.text }] }),
    },
  }),

  stream(answer, { json }, response) {
    const events = [];
    const event = (type, fields) => events.push(`event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`);
    const message = (fields) => ({ delta: { message: fields } });
    event('message-start', { id: 'c1', ...message({ role: 'assistant', content: [], tool_plan: '', tool_calls: [], citations: [] }) });
    if (answer.calls.length > 0) {
      pieces(plan(answer)).forEach((tool_plan) => event('tool-plan-delta', message({ tool_plan })));
      calls(answer, json).forEach((call, index) => {
        event('tool-call-start', { index, ...message({ tool_calls: { ...call, function: { ...call.function, arguments: '' } } }) });
        for (const piece of pieces(call.function.arguments)) {
          event('tool-call-delta', { index, ...message({ tool_calls: { function: { arguments: piece } } }) });
        }
        event('tool-call-end', { index });
      });
    } else {
      [...thinking(answer), { type: 'text', text: answer.text }].forEach((item, index) => {
        const field = item.type;
        event('content-start', { index, ...message({ content: { type: item.type, [field]: '' } }) });
        pieces(item[field]).forEach((piece) => event('content-delta', { index, ...message({ content: { [field]: piece } }) }));
        event('content-end', { index });
      });
    }
    if (answer.fails) event('message-end', { delta: { finish_reason: 'ERROR', error: 'Failing midway', usage: reported } });
    else if (!answer.broken) event('message-end', { delta: { finish_reason: finishReason(answer), usage: reported } });
    sendEvents(response, events, answer);
  },

  error: (status, message) => ({ status: status === 529 ? 503 : status, body: { id: 'e1', message } }),
};

const finishReason = ({ finish }) => ({ stop: 'COMPLETE', tools: 'TOOL_CALL', length: 'MAX_TOKENS' })[finish];
/// What the model thinks before it calls goes by another name.
const plan = ({ reasoning, text }) => reasoning ?? text ?? '';
const thinking = ({ reasoning }) => (reasoning ? [{ type: 'thinking', thinking: reasoning }] : []);
const calls = (answer, { messages }) =>
  answer.calls.map(({ name, input }, index) => ({
    id: `${name}_${messages.length}${index}`, type: 'function', function: { name, arguments: JSON.stringify(input) },
  }));

function readMessage({ role, content, tool_calls = [], tool_call_id, ...rest }, open, asked) {
  only(rest, 'messages[]', 'tool_plan', 'citations');
  need(['system', 'user', 'assistant', 'tool'].includes(role), `messages[].role ${role}`);
  need(!(tool_calls.length > 0 && content === ''), 'an assistant message with tool_calls must not have empty content');
  if (role === 'tool') {
    need(open.delete(tool_call_id), `no tool call has the id ${tool_call_id}`);
    asked.results.push(typeof content === 'string' ? content : content.map((part) => part.text ?? part.document.data).join(' '));
    return;
  }
  need(open.size === 0, 'all tool_calls must have a tool message');
  for (const { id } of tool_calls) open.add(id);
  if (role !== 'user') return;
  asked.results = [];
  for (const part of typeof content === 'string' ? [{ type: 'text', text: content }] : content) {
    if (part.type === 'text') asked.text = part.text;
    else if (part.type === 'image_url') asked.images.push(dataUrl(part.image_url.url));
    else throw new BadRequest(`content type ${part.type}`);
  }
}
