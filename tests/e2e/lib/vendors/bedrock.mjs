// SPDX-License-Identifier: GPL-3.0-or-later
// Amazon Bedrock (bedrock.md): Converse and ConverseStream, and InvokeModel of Claude, whose body and events are Anthropic's.
// With a bearer key, or signed.
import { crc32 } from 'node:zlib';
import { eventsOf, message, readBody, signature } from './anthropic.mjs';
import { pieces, usage } from './brain.mjs';
import { BadRequest, need, only } from './vendor.mjs';

const reported = {
  inputTokens: usage.input - usage.cached, cacheReadInputTokens: usage.cached, cacheWriteInputTokens: 0,
  outputTokens: usage.output, totalTokens: usage.input + usage.output,
};
const types = { 400: 'ValidationException', 403: 'AccessDeniedException', 404: 'ResourceNotFoundException', 429: 'ThrottlingException', 503: 'ServiceUnavailableException' };

export const bedrock = {
  base: '',

  read({ path, headers, json }) {
    const match = /^\/model\/([^/]+)\/(converse|converse-stream|invoke|invoke-with-response-stream)$/.exec(path);
    need(match, `no route ${path}`);
    need(!match[1].includes(':'), 'the model id must be percent-encoded');
    need(headers.authorization === 'Bearer sk-vendor' || headers.authorization?.startsWith('AWS4-HMAC-SHA256 '), 'not authenticated');
    if (isInvoke(path)) {
      need(['bedrock-2023-05-31', '2023-06-01', '2026-10-21'].includes(json.anthropic_version), 'anthropic_version');
      return { ...readBody(json, ['anthropic_version', 'anthropic_beta']), stream: match[2] !== 'invoke' };
    }
    only(json, 'body', 'messages', 'system', 'inferenceConfig', 'toolConfig', 'additionalModelRequestFields', 'outputConfig');
    only(json.inferenceConfig ?? {}, 'inferenceConfig', 'maxTokens', 'temperature', 'topP', 'stopSequences');
    const fields = json.additionalModelRequestFields ?? {};
    const asked = {
      stream: match[2] === 'converse-stream', tools: [], results: [], images: [], signatures: [],
      schema: json.outputConfig?.textFormat?.type === 'json_schema',
      reasoning: Boolean(fields.thinking && fields.thinking.type !== 'disabled'),
    };
    for (const { toolSpec } of json.toolConfig?.tools ?? []) {
      only(toolSpec, 'toolSpec', 'name', 'description', 'inputSchema', 'strict');
      need(typeof toolSpec.inputSchema?.json === 'object', 'toolSpec.inputSchema.json');
      asked.tools.push(toolSpec.name);
    }
    asked.required = Boolean(json.toolConfig?.toolChoice?.any);
    asked.forced = json.toolConfig?.toolChoice?.tool?.name;
    readMessages(json, asked);
    if (asked.reasoning) needThinking(json.messages);
    return asked;
  },

  whole: (answer, request) => isInvoke(request.path) ? message(answer, request) : ({
    output: { message: { role: 'assistant', content: blocks(answer, request.json) } },
    stopReason: stopReason(answer), usage: reported, metrics: { latencyMs: 1 },
  }),

  stream(answer, request, response) {
    const frames = [];
    const event = (type, fields) => frames.push(frame({ ':event-type': type, ':content-type': 'application/json', ':message-type': 'event' }, { ...fields, p: 'abc' }));
    if (isInvoke(request.path)) {
      eventsOf(answer, request.json).forEach((said) => event('chunk', { bytes: Buffer.from(JSON.stringify(said)).toString('base64') }));
      return sendFrames(response, frames, answer);
    }
    event('messageStart', { role: 'assistant' });
    blocks(answer, request.json).forEach((block, contentBlockIndex) => {
      const delta = (fields) => event('contentBlockDelta', { contentBlockIndex, delta: fields });
      if (block.toolUse) {
        const { toolUseId, name, input } = block.toolUse;
        event('contentBlockStart', { contentBlockIndex, start: { toolUse: { toolUseId, name } } });
        pieces(JSON.stringify(input)).forEach((piece) => delta({ toolUse: { input: piece } }));
      } else if (block.reasoningContent) {
        pieces(block.reasoningContent.reasoningText.text).forEach((piece) => delta({ reasoningContent: { text: piece } }));
        delta({ reasoningContent: { signature } });
      } else {
        pieces(block.text).forEach((text) => delta({ text }));
      }
      event('contentBlockStop', { contentBlockIndex });
    });
    if (answer.fails) {
      frames.push(frame({ ':exception-type': 'modelStreamErrorException', ':content-type': 'application/json', ':message-type': 'exception' }, { message: 'Failing midway' }));
    } else if (!answer.broken) {
      event('messageStop', { stopReason: stopReason(answer) });
      event('metadata', { usage: reported, metrics: { latencyMs: 1 } });
    }
    sendFrames(response, frames, answer);
  },

  error: (status, message) => {
    const real = status === 529 ? 503 : status;
    return { status: real, headers: { 'x-amzn-errortype': `${types[real] ?? 'InternalServerException'}:http://x/` }, body: { message } };
  },
};

const isInvoke = (path) => /\/invoke(-with-response-stream)?$/.test(path);

function sendFrames(response, frames, { broken }) {
  response.writeHead(200, { 'Content-Type': 'application/vnd.amazon.eventstream' });
  const bytes = Buffer.concat(frames);
  for (let at = 0; at < bytes.length; at += 101) response.write(bytes.subarray(at, at + 101));
  if (broken) setTimeout(() => response.destroy(), 20);
  else response.end();
}

/// One message of application/vnd.amazon.eventstream: prelude and message each end with their CRC-32.
function frame(headers, payload) {
  const lines = Object.entries(headers).map(([name, value]) => {
    const line = Buffer.alloc(1 + name.length + 3 + value.length);
    line.writeUInt8(name.length, 0);
    line.write(name, 1);
    line.writeUInt8(7, 1 + name.length);
    line.writeUInt16BE(value.length, 2 + name.length);
    line.write(value, 4 + name.length);
    return line;
  });
  const head = Buffer.concat(lines);
  const body = Buffer.from(JSON.stringify(payload));
  const message = Buffer.alloc(12 + head.length + body.length + 4);
  message.writeUInt32BE(message.length, 0);
  message.writeUInt32BE(head.length, 4);
  message.writeUInt32BE(crc32(message.subarray(0, 8)), 8);
  head.copy(message, 12);
  body.copy(message, 12 + head.length);
  message.writeUInt32BE(crc32(message.subarray(0, message.length - 4)), message.length - 4);
  return message;
}

const stopReason = ({ finish }) => ({ stop: 'end_turn', tools: 'tool_use', length: 'max_tokens' })[finish];

function blocks({ reasoning, text, calls }, { messages }) {
  return [
    ...(reasoning ? [{ reasoningContent: { reasoningText: { text: reasoning, signature } } }] : []),
    ...(text ? [{ text }] : []),
    ...calls.map(({ name, input }, index) => ({ toolUse: { toolUseId: `tooluse_${messages.length}.${index}`, name, input } })),
  ];
}

/// As with Anthropic itself: whoever thinks in a loop of tools has to show what was thought before each call of it.
function needThinking(messages) {
  const begin = messages.findLastIndex(({ role, content }) => role === 'user' && !content.some(({ toolResult }) => toolResult));
  for (const { content } of messages.slice(begin + 1)) {
    if (content.some(({ toolUse }) => toolUse)) need(content[0].reasoningContent, 'Expected `thinking`, but found `tool_use`');
  }
}

function readMessages({ messages, toolConfig }, asked) {
  need(messages.length > 0 && messages[0].role === 'user', 'A conversation must start with a user message');
  let open = [];
  messages.forEach(({ role, content }, at) => {
    const ids = (kind) => content.filter((block) => block[kind]).map((block) => block[kind].toolUseId);
    need(`${ids('toolResult').sort()}` === `${open.sort()}`, 'Expected toolResult blocks for the toolUse blocks of the turn before');
    open = ids('toolUse');
    need(new Set(open).size === open.length, 'toolUse ids must be unique');
    need(at === 0 || messages[at - 1].role !== role, 'roles must alternate');
    need(content.length > 0, 'The content field is empty');
    asked.results = [];
    asked.text = undefined;
    for (const block of content) {
      const kinds = Object.keys(block);
      need(kinds.length === 1, `a block must have exactly one member, not ${kinds}`);
      if (block.toolUse || block.toolResult) {
        need(toolConfig, 'The toolConfig field must be defined when using toolUse and toolResult content blocks.');
      }
      readBlock(block, asked);
    }
  });
}

function readBlock(block, asked) {
  if ('text' in block) {
    need(block.text.trim() !== '', 'The text field in the ContentBlock object is blank');
    asked.text = block.text;
  } else if (block.image) {
    need(['png', 'jpeg', 'gif', 'webp'].includes(block.image.format), 'image.format');
    asked.images.push({ type: `image/${block.image.format}`, bytes: Buffer.from(block.image.source.bytes, 'base64').length });
  } else if (block.toolUse) {
    need(/^[a-zA-Z0-9_.:-]{1,64}$/.test(block.toolUse.toolUseId), 'toolUseId');
    need(typeof block.toolUse.input === 'object', 'toolUse.input must be an object');
  } else if (block.toolResult) {
    need(block.toolResult.content.length > 0, 'toolResult.content is empty');
    asked.results.push(block.toolResult.content.map(({ text, json }) => text ?? JSON.stringify(json)).join(' '));
  } else if (block.reasoningContent) {
    need(block.reasoningContent.reasoningText?.signature === signature, 'Invalid signature in reasoningText');
    asked.signatures.push(signature);
  } else if (!block.cachePoint) {
    throw new BadRequest(`Unknown block ${Object.keys(block)}`);
  }
}
