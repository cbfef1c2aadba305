// SPDX-License-Identifier: GPL-3.0-or-later
// A relative of OpenAI's chat API that is as strict as OpenAI itself about what it does not know (openai.md).
import { pieces, usage } from './brain.mjs';
import { BadRequest, dataUrl, need, only, sendEvents } from './vendor.mjs';

const reported = {
  prompt_tokens: usage.input, completion_tokens: usage.output, total_tokens: usage.input + usage.output,
  prompt_tokens_details: { cached_tokens: usage.cached }, completion_tokens_details: { reasoning_tokens: usage.reasoning },
};
const codes = { 429: 'rate_limit_exceeded', 404: 'model_not_found', 400: 'invalid_value' };

export const chat = relative('/v1', '/v1/chat/completions', { authorization: 'Bearer sk-vendor' });

/// One of OpenAI's relatives: where it listens, and what proves who calls.
export function relative(base, route, credential) {
  return {
    base,
    read({ path, headers, json }) {
      need(path === route, `no route ${path}`);
      for (const [name, value] of Object.entries(credential)) need(headers[name] === value, 'Incorrect API key provided');
      return readBody(json);
    },
    whole,
    stream,
    error: (status, message) => ({
      status: status === 529 ? 503 : status,
      body: { error: { message, type: status === 429 ? 'requests' : 'invalid_request_error', param: null, code: codes[status] ?? null } },
    }),
  };
}

function readBody(json) {
  only(json, 'body', 'model', 'messages', 'frequency_penalty', 'presence_penalty', 'logit_bias', 'logprobs', 'top_logprobs',
    'max_completion_tokens', 'max_tokens', 'metadata', 'n', 'parallel_tool_calls', 'prediction', 'prompt_cache_key',
    'reasoning_effort', 'response_format', 'safety_identifier', 'seed', 'service_tier', 'stop', 'store', 'stream',
    'stream_options', 'temperature', 'top_p', 'tool_choice', 'tools', 'user', 'verbosity');
  need(!json.stream_options || json.stream, 'stream_options is only allowed with stream');
  const asked = {
    stream: json.stream === true, tools: (json.tools ?? []).map(readTool), results: [], images: [],
    schema: json.response_format?.type === 'json_schema', reasoning: Boolean(json.reasoning_effort && json.reasoning_effort !== 'none'),
  };
  asked.forced = json.tool_choice?.function?.name;
  asked.required = json.tool_choice === 'required';
  readMessages(json.messages, asked);
  return asked;
}

function whole(answer, { json }) {
  return {
    id: 'chatcmpl-vendor', object: 'chat.completion', created: 1700000000, model: json.model,
    choices: [{
      index: 0, logprobs: null, finish_reason: finishReason(answer),
      message: {
        role: 'assistant', content: answer.text ?? null, refusal: null,
        ...(answer.reasoning ? { reasoning_content: answer.reasoning } : {}),
        ...(answer.calls.length > 0 ? { tool_calls: calls(answer, json) } : {}),
      },
    }],
    usage: reported,
  };
}

/// Calls alternate fragment by fragment, as OpenAI may send them.
function stream(answer, { json }, response) {
  const events = [];
  const chunk = (fields) => events.push(`data: ${JSON.stringify({ id: 'chatcmpl-vendor', object: 'chat.completion.chunk', created: 1700000000, model: json.model, ...fields })}\n\n`);
  const delta = (fields, finish_reason = null) => chunk({ choices: [{ index: 0, delta: fields, finish_reason }] });
  delta({ role: 'assistant', content: '' });
  pieces(answer.reasoning ?? '').forEach((reasoning_content) => delta({ reasoning_content }));
  pieces(answer.text ?? '').forEach((content) => delta({ content }));
  const all = calls(answer, json);
  all.forEach((call, index) => delta({ tool_calls: [{ index, ...call, function: { ...call.function, arguments: '' } }] }));
  for (let piece = 0; piece < 3; piece++) {
    all.forEach((call, index) => {
      const text = pieces(call.function.arguments)[piece];
      if (text) delta({ tool_calls: [{ index, function: { arguments: text } }] });
    });
  }
  if (answer.fails) {
    events.push(`data: ${JSON.stringify({ error: { message: 'Failing midway', type: 'server_error', param: null, code: null } })}\n\n`);
  } else if (!answer.broken) {
    delta({}, finishReason(answer));
    if (json.stream_options?.include_usage) chunk({ choices: [], usage: reported });
    events.push('data: [DONE]\n\n');
  }
  sendEvents(response, events, answer);
}

const finishReason = ({ finish }) => ({ stop: 'stop', tools: 'tool_calls', length: 'length' })[finish];
/// Ids as Kimi and vLLM make them: characters that few vendors take, and more of them than some do.
const calls = (answer, { messages }) =>
  answer.calls.map(({ name, input }, index) => ({
    id: index === 0 ? `functions.${name}:${messages.length}` : `chatcmpl-tool-${String(messages.length).padStart(32, '0')}`,
    type: 'function', function: { name, arguments: JSON.stringify(input) },
  }));

function readTool({ type, function: declared }) {
  need(type === 'function', `tools[].type ${type}`);
  only(declared, 'tools[].function', 'name', 'description', 'parameters', 'strict');
  need(/^[a-zA-Z0-9_-]{1,64}$/.test(declared.name), 'tools[].function.name');
  return declared.name;
}

/// Every call is answered before another role speaks.
function readMessages(messages, asked) {
  let open = [];
  for (const message of messages) {
    const { role, content, tool_calls = [], tool_call_id } = message;
    only(message, 'messages[]', 'role', 'content', 'name', 'tool_calls', 'tool_call_id', 'refusal', 'reasoning_content', 'thinking_blocks');
    if (role === 'tool') {
      need(open.includes(tool_call_id), "messages with role 'tool' must be a response to a preceding message with 'tool_calls'");
      open = open.filter((id) => id !== tool_call_id);
      asked.results.push(typeof content === 'string' ? content : content.map(({ text }) => text).join(' '));
      continue;
    }
    need(open.length === 0, "An assistant message with 'tool_calls' must be followed by tool messages");
    open = tool_calls.map(({ id }) => id);
    for (const call of tool_calls) need(typeof call.function.arguments === 'string', 'arguments must be a string');
    if (role !== 'user') continue;
    asked.results = [];
    for (const part of typeof content === 'string' ? [{ type: 'text', text: content }] : content) {
      if (part.type === 'text') asked.text = part.text;
      else if (part.type === 'image_url') asked.images.push(dataUrl(part.image_url.url));
      else throw new BadRequest(`content type ${part.type}`);
    }
  }
  need(open.length === 0, 'tool_calls without their tool messages');
}
