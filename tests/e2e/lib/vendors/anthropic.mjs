// SPDX-License-Identifier: GPL-3.0-or-later
// Anthropic's Messages API (anthropic.md).
import { pieces, usage } from './brain.mjs';
import { BadRequest, need, only, sendEvents } from './vendor.mjs';

/// What Claude's own thinking bears, on Anthropic's platform and on Amazon's.
export const signature = 'Y2xhdWRl';
const types = { 400: 'invalid_request_error', 401: 'authentication_error', 404: 'not_found_error', 429: 'rate_limit_error', 529: 'overloaded_error' };
const reported = { input_tokens: usage.input - usage.cached, cache_creation_input_tokens: 0, cache_read_input_tokens: usage.cached };

export const anthropic = {
  base: '/v1',

  read({ path, headers, json }) {
    need(path === '/v1/messages', `no route ${path}`);
    need(headers['x-api-key'] === 'sk-vendor', 'x-api-key is missing');
    need(headers['anthropic-version'], 'anthropic-version: header is required');
    need(json.model, 'model: Field required');
    return readBody(json, ['model', 'stream']);
  },

  whole: message,

  stream(answer, { json }, response) {
    const events = eventsOf(answer, json).map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
    sendEvents(response, events, answer);
  },

  error: (status, text) => ({ body: { type: 'error', error: { type: types[status] ?? 'api_error', message: text } } }),
};

/// The body of a request; `more` are members that this surface has besides.
export function readBody(json, more) {
  only(json, 'body', 'max_tokens', 'messages', 'system', 'temperature', 'top_p', 'top_k', 'stop_sequences', 'tools',
    'tool_choice', 'thinking', 'output_config', 'metadata', 'service_tier', 'cache_control', ...more);
  need(Number.isInteger(json.max_tokens) && json.max_tokens > 0, 'max_tokens: Field required');
  const thinks = json.thinking && json.thinking.type !== 'disabled';
  if (json.thinking?.type === 'enabled') {
    need(json.thinking.budget_tokens >= 1024 && json.thinking.budget_tokens < json.max_tokens, 'thinking.budget_tokens is out of range');
  }
  const asked = {
    stream: json.stream === true, tools: (json.tools ?? []).map(readTool), results: [], images: [], signatures: [],
    schema: json.output_config?.format?.type === 'json_schema', reasoning: Boolean(thinks),
  };
  asked.required = json.tool_choice?.type === 'any';
  if (json.tool_choice?.type === 'tool') asked.forced = json.tool_choice.name;
  if (thinks) need(!['any', 'tool'].includes(json.tool_choice?.type), 'Thinking may not be enabled when tool_choice forces tool use.');
  readMessages(json.messages, asked);
  if (thinks) needThinking(json.messages);
  return asked;
}

export function message(answer, { json }) {
  return { ...shell(json), content: blocks(answer, json), stop_reason: stopReason(answer), usage: { ...reported, output_tokens: usage.output } };
}

/// The events of a stream; a broken one lacks its end.
export function eventsOf(answer, json) {
  const events = [];
  const event = (type, fields) => events.push({ type, ...fields });
  event('message_start', { message: { ...shell(json), content: [], usage: { ...reported, output_tokens: 1 } } });
  event('ping', {});
  blocks(answer, json).forEach((block, index) => {
    event('content_block_start', { index, content_block: { ...block, ...empty[block.type] } });
    const delta = (fields) => event('content_block_delta', { index, delta: fields });
    if (block.type === 'text') pieces(block.text).forEach((text) => delta({ type: 'text_delta', text }));
    if (block.type === 'thinking') {
      pieces(block.thinking).forEach((thinking) => delta({ type: 'thinking_delta', thinking }));
      delta({ type: 'signature_delta', signature: block.signature });
    }
    if (block.type === 'tool_use') {
      ['', ...pieces(JSON.stringify(block.input))].forEach((partial_json) => delta({ type: 'input_json_delta', partial_json }));
    }
    event('content_block_stop', { index });
  });
  if (answer.fails) {
    event('error', { error: { type: 'overloaded_error', message: 'Failing midway' } });
  } else if (!answer.broken) {
    event('message_delta', { delta: { stop_reason: stopReason(answer), stop_sequence: null }, usage: { output_tokens: usage.output } });
    event('message_stop', {});
  }
  return events;
}

const empty = { text: { text: '' }, thinking: { thinking: '', signature: '' }, tool_use: { input: {} } };

function shell({ model = 'claude-vendor' }) {
  return { id: 'msg_vendor', type: 'message', role: 'assistant', model, content: [], stop_reason: null, stop_sequence: null };
}

function stopReason({ finish }) {
  return { stop: 'end_turn', tools: 'tool_use', length: 'max_tokens' }[finish];
}

function blocks({ reasoning, text, calls }, { messages }) {
  return [
    ...(reasoning ? [{ type: 'thinking', thinking: reasoning, signature }] : []),
    ...(text ? [{ type: 'text', text }] : []),
    ...calls.map(({ name, input }, index) => ({ type: 'tool_use', id: `toolu_${messages.length}_${index}`, name, input })),
  ];
}

function readTool(tool) {
  only(tool, 'tools[]', 'name', 'description', 'input_schema', 'type', 'strict', 'cache_control', 'eager_input_streaming');
  need(/^[a-zA-Z0-9_-]{1,128}$/.test(tool.name), 'tools[].name');
  need(tool.input_schema?.type === 'object', 'tools[].input_schema.type: Field required');
  return tool.name;
}

/// Whoever thinks in a loop of tools has to show what was thought before each call of it.
function needThinking(messages) {
  const isResult = ({ content }) => Array.isArray(content) && content.some(({ type }) => type === 'tool_result');
  const begin = messages.findLastIndex((message) => message.role === 'user' && !isResult(message));
  for (const { role, content } of messages.slice(begin + 1)) {
    if (role !== 'assistant' || typeof content === 'string' || !content.some(({ type }) => type === 'tool_use')) continue;
    need(['thinking', 'redacted_thinking'].includes(content[0].type), "Expected `thinking` or `redacted_thinking`, but found `tool_use`");
  }
}

/// Roles alternate, every call has its result right behind it and before everything else, nothing is empty.
function readMessages(messages, asked) {
  need(messages.length > 0 && messages[0].role === 'user', 'messages: first message must use the "user" role');
  let open = [];
  const ids = new Set();
  messages.forEach(({ role, content, ...rest }, at) => {
    only(rest, 'messages[]');
    need(at === 0 || messages[at - 1].role !== role, 'messages: roles must alternate');
    const list = typeof content === 'string' ? [{ type: 'text', text: content }] : content;
    need(list.length > 0, 'messages[].content: must not be empty');
    const results = list.filter(({ type }) => type === 'tool_result').map(({ tool_use_id }) => tool_use_id);
    need(list.slice(0, results.length).every(({ type }) => type === 'tool_result'), 'tool_result blocks must come first');
    need(role !== 'user' || open.every((id) => results.includes(id)), '`tool_use` ids were found without `tool_result` blocks immediately after');
    need(results.every((id) => open.includes(id)), 'unexpected `tool_use_id` found in `tool_result` blocks');
    open = list.filter(({ type }) => type === 'tool_use').map(({ id }) => id);
    for (const id of open) need(ids.size < ids.add(id).size, '`tool_use` ids must be unique');
    asked.results = [];
    asked.text = undefined;
    for (const block of list) readBlock(block, role, asked);
  });
}

function readBlock(block, role, asked) {
  if (block.type === 'text') {
    need(block.text !== '', 'text content blocks must be non-empty');
    asked.text = block.text;
  } else if (block.type === 'image') {
    const { type, media_type, data } = block.source;
    need(type === 'base64' && /^image\/(jpeg|png|gif|webp)$/.test(media_type), 'image.source');
    asked.images.push({ type: media_type, bytes: Buffer.from(data, 'base64').length });
  } else if (block.type === 'tool_use') {
    need(/^[a-zA-Z0-9_-]+$/.test(block.id), 'tool_use.id: String should match pattern');
    need(typeof block.input === 'object', 'tool_use.input: Input should be a valid dictionary');
  } else if (block.type === 'tool_result') {
    const { content = '' } = block;
    asked.results.push(typeof content === 'string' ? content : content.map(({ text }) => text).join(' '));
  } else if (block.type === 'thinking') {
    need(role === 'assistant' && block.signature === signature, 'Invalid `signature` in `thinking` block');
    asked.signatures.push(block.signature);
  } else {
    throw new BadRequest(`messages[].content[].type ${block.type}`);
  }
}
