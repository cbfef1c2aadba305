// SPDX-License-Identifier: GPL-3.0-or-later
// Google's generateContent (gemini.md).
import { pieces, usage } from './brain.mjs';
import { BadRequest, need, only, sendEvents } from './vendor.mjs';

const signature = 'Z2VtaW5p';
/// Stands for a signature where the call was another model's.
const noSignature = 'skip_thought_signature_validator';
const names = { 400: 'INVALID_ARGUMENT', 401: 'UNAUTHENTICATED', 404: 'NOT_FOUND', 429: 'RESOURCE_EXHAUSTED', 503: 'UNAVAILABLE' };
const usageMetadata = {
  promptTokenCount: usage.input, cachedContentTokenCount: usage.cached, candidatesTokenCount: usage.output - usage.reasoning,
  thoughtsTokenCount: usage.reasoning, totalTokenCount: usage.input + usage.output,
};

export const gemini = {
  base: '/v1beta',

  read({ path, headers, json }) {
    const match = /^\/v1beta\/models\/([^/:]+):(generateContent|streamGenerateContent\?alt=sse)$/.exec(path);
    need(match, `no route ${path}`);
    need(headers['x-goog-api-key'] === 'sk-vendor', 'API key not valid');
    only(json, 'body', 'contents', 'systemInstruction', 'tools', 'toolConfig', 'generationConfig', 'safetySettings', 'cachedContent');
    const config = json.generationConfig ?? {};
    only(config, 'generationConfig', 'candidateCount', 'stopSequences', 'maxOutputTokens', 'temperature', 'topP', 'topK', 'seed',
      'responseMimeType', 'responseJsonSchema', 'presencePenalty', 'frequencyPenalty', 'thinkingConfig', 'mediaResolution');
    need(!config.responseJsonSchema || config.responseMimeType === 'application/json', 'responseMimeType');
    need(!(config.thinkingConfig?.thinkingLevel && 'thinkingBudget' in config.thinkingConfig), 'level and budget together');
    const asked = {
      stream: match[2] !== 'generateContent', tools: [], results: [], images: [], signatures: [], schema: Boolean(config.responseJsonSchema),
      reasoning: config.thinkingConfig?.includeThoughts === true,
    };
    for (const tool of json.tools ?? []) {
      only(tool, 'tools[]', 'functionDeclarations');
      for (const declaration of tool.functionDeclarations) {
        only(declaration, 'functionDeclarations[]', 'name', 'description', 'parameters', 'parametersJsonSchema');
        asked.tools.push(declaration.name);
      }
    }
    const calling = json.toolConfig?.functionCallingConfig;
    asked.required = calling?.mode === 'ANY';
    if (calling?.mode === 'ANY' && calling.allowedFunctionNames?.length === 1) asked.forced = calling.allowedFunctionNames[0];
    readContents(json.contents, asked);
    return asked;
  },

  whole: (answer) => ({
    candidates: [{ content: { role: 'model', parts: parts(answer) }, finishReason: finishReason(answer), index: 0 }],
    usageMetadata, modelVersion: 'gemini-vendor', responseId: 'r1',
  }),

  /// No event names, CRLF, no end marker; calls arrive whole, in chunks of their own.
  stream(answer, request, response) {
    const chunk = (candidate, fields = {}) =>
      `data: ${JSON.stringify({ candidates: [{ index: 0, ...candidate }], modelVersion: 'gemini-vendor', responseId: 'r1', ...fields })}\r\n\r\n`;
    const said = parts(answer).flatMap((part) => (part.text ? pieces(part.text).map((text) => ({ ...part, text })) : [part]));
    const events = said.map((part) => chunk({ content: { role: 'model', parts: [part] } }));
    if (answer.fails) events.push(`data: ${JSON.stringify({ error: { code: 503, message: 'Failing midway', status: 'UNAVAILABLE' } })}\r\n\r\n`);
    else if (answer.broken) events.push((events.pop() ?? chunk({})).slice(0, -20));
    else events.push(chunk({ content: { role: 'model', parts: [{ text: '' }] }, finishReason: finishReason(answer) }, { usageMetadata }));
    sendEvents(response, events, answer);
  },

  error: (status, message) => ({
    status: status === 529 ? 503 : status,
    body: { error: { code: status, message, status: names[status === 529 ? 503 : status] ?? 'INTERNAL' } },
  }),
};

const finishReason = ({ finish }) => (finish === 'length' ? 'MAX_TOKENS' : 'STOP');

function parts({ reasoning, text, calls }) {
  return [
    ...(reasoning ? [{ text: reasoning, thought: true }] : []),
    ...(text ? [{ text }] : []),
    ...calls.map(({ name, input }, index) => ({
      functionCall: { name, args: input }, ...(index === 0 ? { thoughtSignature: signature } : {}),
    })),
  ];
}

/// A turn of calls comes right behind the user's, and its results are one content with as many parts.
function readContents(contents, asked) {
  need(contents.length > 0, 'contents is not specified');
  let calls = [];
  const named = (list, kind) => list.filter((part) => part[kind]).map((part) => part[kind].name);
  for (const { role, parts: list, ...rest } of contents) {
    only(rest, 'contents[]');
    need(['user', 'model'].includes(role) && list.length > 0, 'contents[].parts must not be empty');
    need(`${named(list, 'functionResponse')}` === `${calls}`, 'function response parts must equal the function call parts of the turn before');
    calls = named(list, 'functionCall');
    if (calls.length > 0) need(list.find((part) => part.functionCall).thoughtSignature, 'Function call is missing a thought_signature');
    asked.results = [];
    asked.text = undefined;
    for (const part of list) readPart(part, asked);
  }
}

function readPart(part, asked) {
  need([undefined, signature, noSignature].includes(part.thoughtSignature), 'Corrupted thought signature.');
  if (part.thoughtSignature === signature) asked.signatures.push(signature);
  if ('text' in part) {
    if (!part.thought) asked.text = part.text;
  } else if (part.inlineData) {
    asked.images.push({ type: part.inlineData.mimeType, bytes: Buffer.from(part.inlineData.data, 'base64').length });
  } else if (part.functionResponse) {
    const { name, response } = part.functionResponse;
    need(name && typeof response === 'object' && !Array.isArray(response), 'functionResponse.response must be an object');
    asked.results.push(response.output ?? JSON.stringify(response));
  } else if (part.functionCall) {
    need(typeof (part.functionCall.args ?? {}) === 'object', 'functionCall.args');
  } else {
    throw new BadRequest(`Unknown part ${Object.keys(part)}`);
  }
}
