// SPDX-License-Identifier: GPL-3.0-or-later
// OpenAI's Responses API (openai.md 12 and 13). It stores nothing, so it takes back only what it can read from the request.
import { pieces, usage } from './brain.mjs';
import { BadRequest, dataUrl, need, only, sendEvents } from './vendor.mjs';

const reported = {
  input_tokens: usage.input, input_tokens_details: { cached_tokens: usage.cached, cache_write_tokens: 0 },
  output_tokens: usage.output, output_tokens_details: { reasoning_tokens: usage.reasoning }, total_tokens: usage.input + usage.output,
};
const codes = { 400: 'invalid_value', 401: 'invalid_api_key', 404: 'model_not_found', 429: 'rate_limit_exceeded', 503: 'server_is_overloaded' };
/// What only this vendor can read.
const encrypted = 'gAAAAABovendor';
const includable = [
  'reasoning.encrypted_content', 'message.output_text.logprobs', 'message.input_image.image_url', 'file_search_call.results',
  'web_search_call.results', 'web_search_call.action.sources', 'code_interpreter_call.outputs', 'computer_call_output.output.image_url',
];

export const responses = {
  base: '/v1',

  read({ path, headers, json }) {
    need(path === '/v1/responses', `no route ${path}`);
    need(headers.authorization === 'Bearer sk-vendor', 'Incorrect API key provided');
    only(json, 'body', 'model', 'input', 'instructions', 'previous_response_id', 'conversation', 'max_output_tokens', 'max_tool_calls',
      'tools', 'tool_choice', 'parallel_tool_calls', 'reasoning', 'text', 'include', 'store', 'background', 'truncation',
      'context_management', 'prompt', 'stream', 'stream_options', 'temperature', 'top_p', 'top_logprobs', 'metadata', 'service_tier',
      'safety_identifier', 'prompt_cache_key', 'prompt_cache_options', 'moderation', 'user', 'client_metadata'); // the last is Codex's
    need(typeof json.model === 'string', 'model');
    need(['string', 'undefined'].includes(typeof (json.instructions ?? undefined)), 'instructions must be a string');
    need(!json.previous_response_id && !json.conversation, 'Previous response not found');
    need(json.max_output_tokens === undefined || json.max_output_tokens > 0, 'max_output_tokens');
    only(json.stream_options ?? {}, 'stream_options', 'include_obfuscation');
    only(json.reasoning ?? {}, 'reasoning', 'effort', 'summary', 'mode', 'context');
    need(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'].includes(json.reasoning?.effort ?? 'none'), 'reasoning.effort');
    need(['auto', 'concise', 'detailed'].includes(json.reasoning?.summary ?? 'auto'), 'reasoning.summary');
    for (const name of json.include ?? []) need(includable.includes(name), `include ${name}`);
    const asked = { stream: json.stream === true, tools: (json.tools ?? []).map(readTool), results: [], images: [], signatures: [] };
    asked.schema = readFormat(json.text ?? {});
    asked.reasoning = (json.reasoning?.effort ?? 'none') !== 'none';
    readChoice(json.tool_choice, asked);
    readInput(json.input, asked);
    return asked;
  },

  whole: (answer, { json }) => finished(answer, json),

  stream(answer, { json }, response) {
    const events = [];
    const event = (type, fields) =>
      events.push(`event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: events.length, ...fields })}\n\n`);
    const items = output(answer, json);
    event('response.created', { response: shell(json) });
    event('response.in_progress', { response: shell(json) });
    items.forEach((item, output_index) => item.type !== 'function_call' && speak(item, output_index, event));
    callTogether(items, event);
    if (answer.fails) {
      const error = { code: 'server_error', message: 'Failing midway' };
      event('response.failed', { response: { ...shell(json), status: 'failed', error } });
    } else if (!answer.broken) {
      event(answer.finish === 'length' ? 'response.incomplete' : 'response.completed', { response: finished(answer, json) });
    }
    sendEvents(response, events, answer);
  },

  error: (status, message) => {
    const real = status === 529 ? 503 : status;
    return { status: real, body: { error: { message, type: real === 429 ? 'requests' : 'invalid_request_error', param: null, code: codes[real] ?? null } } };
  },
};

function shell(json) {
  return {
    id: 'resp_vendor', object: 'response', created_at: 1700000000, status: 'in_progress', model: json.model, output: [], usage: null,
    error: null, incomplete_details: null, instructions: json.instructions ?? null, metadata: json.metadata ?? {},
    parallel_tool_calls: json.parallel_tool_calls ?? true, previous_response_id: null, reasoning: { effort: null, summary: null, ...json.reasoning },
    store: json.store ?? true, temperature: 1, text: { format: { type: 'text' }, ...json.text }, tool_choice: json.tool_choice ?? 'auto',
    tools: json.tools ?? [], top_p: 1, truncation: 'disabled', user: null,
  };
}

function finished(answer, json) {
  const cut = answer.finish === 'length';
  return {
    ...shell(json), status: cut ? 'incomplete' : 'completed', completed_at: 1700000001, output: output(answer, json), usage: reported,
    incomplete_details: cut ? { reason: 'max_output_tokens' } : null,
  };
}

/// A summary and the encrypted content come only when they were asked for. Ids are unlike those of the turns before.
function output({ reasoning, text, calls }, json) {
  const turn = json.input.length;
  return [
    ...(reasoning ? [{
      id: `rs_${turn}`, type: 'reasoning', summary: json.reasoning.summary ? [{ type: 'summary_text', text: reasoning }] : [],
      ...(json.include?.includes('reasoning.encrypted_content') ? { encrypted_content: encrypted } : {}),
    }] : []),
    ...(text ? [{
      id: `msg_${turn}`, type: 'message', status: 'completed', role: 'assistant', content: [{ type: 'output_text', text, annotations: [], logprobs: [] }],
    }] : []),
    ...calls.map(({ name, input }, index) => ({
      id: `fc_${turn}_${index}`, type: 'function_call', status: 'completed', call_id: `call_${turn}_${index}`, name, arguments: JSON.stringify(input),
    })),
  ];
}

function speak(item, output_index, event) {
  const place = { item_id: item.id, output_index };
  if (item.type === 'reasoning') {
    event('response.output_item.added', { output_index, item: { id: item.id, type: 'reasoning', summary: [] } });
    item.summary.forEach((part, summary_index) => {
      const at = { ...place, summary_index };
      event('response.reasoning_summary_part.added', { ...at, part: { ...part, text: '' } });
      pieces(part.text).forEach((delta) => event('response.reasoning_summary_text.delta', { ...at, delta }));
      event('response.reasoning_summary_text.done', { ...at, text: part.text });
      event('response.reasoning_summary_part.done', { ...at, part });
    });
  } else {
    event('response.output_item.added', { output_index, item: { ...item, status: 'in_progress', content: [] } });
    item.content.forEach((part, content_index) => {
      const at = { ...place, content_index };
      event('response.content_part.added', { ...at, part: { ...part, text: '' } });
      pieces(part.text).forEach((delta) => event('response.output_text.delta', { ...at, delta, logprobs: [] }));
      event('response.output_text.done', { ...at, text: part.text, logprobs: [] });
      event('response.content_part.done', { ...at, part });
    });
  }
  event('response.output_item.done', { output_index, item });
}

/// All calls are open at once and their arguments alternate: what tells them apart is item_id and output_index alone.
function callTogether(items, event) {
  const calls = items.map((item, output_index) => ({ item, output_index })).filter(({ item }) => item.type === 'function_call');
  for (const { item, output_index } of calls) {
    event('response.output_item.added', { output_index, item: { ...item, status: 'in_progress', arguments: '' } });
  }
  for (let piece = 0; piece < 3; piece++) {
    for (const { item, output_index } of calls) {
      const delta = pieces(item.arguments)[piece];
      if (delta) event('response.function_call_arguments.delta', { item_id: item.id, output_index, delta });
    }
  }
  for (const { item, output_index } of calls) {
    event('response.function_call_arguments.done', { item_id: item.id, output_index, name: item.name, arguments: item.arguments });
    event('response.output_item.done', { output_index, item });
  }
}

const hosted = [
  'web_search', 'web_search_preview', 'file_search', 'computer', 'computer_use_preview', 'code_interpreter', 'image_generation', 'mcp',
  'local_shell', 'shell', 'apply_patch', 'namespace', 'tool_search', 'programmatic_tool_calling',
];

/// Tools are flat, and functions strict unless they say otherwise.
function readTool(tool) {
  if (hosted.includes(tool.type)) return tool.type;
  if (tool.type === 'custom') only(tool, 'tools[]', 'type', 'name', 'description', 'format', 'defer_loading', 'allowed_callers');
  if (tool.type === 'custom') return tool.name;
  need(tool.type === 'function', `tools[].type ${tool.type}`);
  only(tool, 'tools[]', 'type', 'name', 'description', 'parameters', 'strict', 'defer_loading', 'output_schema', 'allowed_callers');
  need(/^[a-zA-Z0-9_-]{1,64}$/.test(tool.name), 'tools[].name');
  if (tool.strict ?? true) needStrict(tool.parameters, 'tools[].parameters');
  return tool.name;
}

function needStrict(schema, where) {
  need(schema?.type === 'object' && schema.additionalProperties === false, `${where}: additionalProperties must be false`);
  for (const name of Object.keys(schema.properties)) need(schema.required?.includes(name), `${where}: required must include ${name}`);
}

function readFormat({ format, ...rest }) {
  only(rest, 'text', 'verbosity');
  if (!format || format.type === 'text' || format.type === 'json_object') return false;
  only(format, 'text.format', 'type', 'name', 'schema', 'description', 'strict');
  need(format.type === 'json_schema' && /^[a-zA-Z0-9_-]{1,64}$/.test(format.name), 'text.format.name');
  if (format.strict) needStrict(format.schema, 'text.format.schema');
  return true;
}

function readChoice(choice, asked) {
  if (choice === undefined || choice === 'auto' || choice === 'none') return;
  need(asked.tools.length > 0, 'tool_choice is only allowed with tools');
  asked.required = choice === 'required';
  if (asked.required) return;
  only(choice, 'tool_choice', 'type', 'name');
  need(choice.type === 'function' && asked.tools.includes(choice.name), 'tool_choice.name is none of the tools');
  asked.forced = choice.name;
}

/// Every output answers a call before it, every call has its output, and no two items have one id.
function readInput(input, asked) {
  if (typeof input === 'string') return (asked.text = input);
  need(Array.isArray(input) && input.length > 0, 'input must not be empty');
  const ids = input.map(({ id }) => id).filter(Boolean);
  need(new Set(ids).size === ids.length, 'Duplicate item found');
  const open = new Set();
  for (const item of input) readItem(item, open, asked);
  need(open.size === 0, `No tool output found for function call ${[...open][0]}`);
}

const prefixes = { message: 'msg_', function_call: 'fc_', function_call_output: '', reasoning: 'rs_' };

function readItem(item, open, asked) {
  const type = item.type ?? 'message';
  need(type in prefixes, `input[].type ${type}`);
  need(!item.id || item.id.startsWith(prefixes[type]), `input[].id: expected an id that begins with ${prefixes[type]}`);
  if (type === 'message') {
    readMessage(item, asked);
  } else if (type === 'function_call') {
    only(item, 'input[]', 'type', 'id', 'call_id', 'name', 'arguments', 'status', 'namespace', 'caller');
    need(item.call_id && item.call_id.length <= 40, 'input[].call_id: string_above_max_length');
    need(/^[a-zA-Z0-9_-]{1,64}$/.test(item.name) && typeof item.arguments === 'string', 'input[].arguments must be a string');
    open.add(item.call_id);
    asked.results = [];
  } else if (type === 'function_call_output') {
    only(item, 'input[]', 'type', 'id', 'call_id', 'output', 'status');
    need(open.delete(item.call_id), `No tool call found for function call output with call_id ${item.call_id}`);
    asked.results.push(typeof item.output === 'string' ? item.output : item.output.map(({ text }) => text).join(' '));
  } else {
    only(item, 'input[]', 'type', 'id', 'summary', 'content', 'encrypted_content', 'status');
    need(item.id && Array.isArray(item.summary), 'input[].summary is required');
    need(item.encrypted_content, `Item with id '${item.id}' not found. Items are not persisted when store is set to false.`);
    need(item.encrypted_content === encrypted, `The encrypted content for item ${item.id} could not be verified.`);
    asked.signatures.push(item.encrypted_content);
  }
}

function readMessage(item, asked) {
  only(item, 'input[]', 'type', 'id', 'role', 'content', 'status', 'phase');
  const { role, content } = item;
  need(['user', 'assistant', 'system', 'developer'].includes(role), `input[].role ${role}`);
  need(content.length > 0, 'input[].content must not be empty');
  if (role === 'user') asked.results = [];
  for (const part of typeof content === 'string' ? [] : content) {
    const allowed = role === 'assistant' ? ['output_text', 'refusal'] : ['input_text', 'input_image', 'input_file', 'input_audio'];
    need(allowed.includes(part.type), `Invalid value: '${part.type}'. Supported values are: ${allowed}`);
    if (role === 'user') readPart(part, asked);
  }
  if (role === 'user' && typeof content === 'string') asked.text = content;
}

function readPart(part, asked) {
  if (part.type === 'input_text') {
    only(part, 'input[].content[]', 'type', 'text', 'prompt_cache_breakpoint');
    asked.text = part.text;
  } else if (part.type === 'input_image') {
    only(part, 'input[].content[]', 'type', 'image_url', 'file_id', 'detail', 'prompt_cache_breakpoint');
    need(typeof part.image_url === 'string', 'input[].content[].image_url: expected a string');
    asked.images.push(dataUrl(part.image_url));
  } else {
    throw new BadRequest(`content type ${part.type}`);
  }
}
