import assert from 'node:assert/strict';

import type { Json, JsonObject } from '@patchbay/llm/model/json';
import { objectOf, textOf } from '@patchbay/llm/wire/read';

import { askedOf, memberOf, newReading, noteCall, noteResult, objectsOf, type Reading, shown } from '../asked.ts';
import type { Answer } from '../scenario.ts';
import { callId, halvesOf, JSON_TYPE, SSE_TYPE, type UpstreamSide } from './upstream.ts';

/** Gemini signs every first call, whether or not it shows a thought. */
const OWN_SIGNATURE = 'c2lnbmVkIGJ5IGl0c2VsZg==';
/** Signatures that no scenario speaks of; the other is Google's own word for a call that no Gemini made. */
const UNSAID = new Set([OWN_SIGNATURE, 'skip_thought_signature_validator']);

const FINISH = { end: 'STOP', length: 'MAX_TOKENS', tools: 'STOP', declined: 'SAFETY' } as const;

/** https://ai.google.dev/api/generate-content */
export const geminiUpstream: UpstreamSide = {
  id: 'gemini',
  model: 'gemini-3-pro-preview',
  speaks: {
    format: 'gemini',
    path: '/models/{model}:generateContent',
    streamPath: '/models/{model}:streamGenerateContent?alt=sse',
    dialect: { budgetModels: ['gemini-1.', 'gemini-2.'], unsignedCall: 'skip_thought_signature_validator' },
  },
  lacks: {},
  read(body, path) {
    assert.match(path, /^\/models\/gemini-3-pro-preview:(?:generateContent|streamGenerateContent\?alt=sse)$/);
    const reading = newReading();
    for (const part of objectsOf(memberOr(body['systemInstruction'])['parts']))
      reading.system.push(shown(part['text']));
    let last: unknown;
    for (const { role, parts } of objectsOf(body['contents'])) {
      assert.ok(role === 'user' || role === 'model', `the role ${shown(role)}`);
      assert.notEqual(role, last, 'user and model take turns');
      last = role;
      for (const part of objectsOf(parts)) readPart(reading, role, part);
      if (role === 'user') assert.equal(reading.results.length, reading.calls.length, 'every call is answered next');
    }
    const config = memberOr(body['generationConfig']);
    const declarations = objectsOf(body['tools']).flatMap((tool) => objectsOf(tool['functionDeclarations']));
    return askedOf(reading, {
      tools: declarations.map(({ name, description, parametersJsonSchema, parameters }) => ({
        name: shown(name),
        description: shown(description),
        parameters: objectOf(parametersJsonSchema ?? parameters) ?? {},
      })),
      schema: config['responseJsonSchema'] ?? config['responseSchema'],
      stops: (config['stopSequences'] ?? []) as string[],
      maxTokens: config['maxOutputTokens'],
      thinks: config['thinkingConfig'] !== undefined,
    });
  },
  whole: (answer, id) => ({ type: JSON_TYPE, body: JSON.stringify(chunk(answer, partsOf(answer, id), true)) }),
  stream: (answer, id) => ({
    type: SSE_TYPE,
    body: partsOf(answer, id)
      .flatMap(splitPart)
      .map((part, at, all) => `data: ${JSON.stringify(chunk(answer, [part], at === all.length - 1))}\r\n\r\n`)
      .join(''),
  }),
  refuse: ({ kind, message, status }) => ({
    error: {
      code: status,
      message,
      status: WORDS[kind] ?? 'INTERNAL',
      details: kind === 'quota-exhausted' ? [SPENT] : [],
    },
  }),
  begin: (text) => ({ type: SSE_TYPE, begun: begun(text) }),
  broken: (text, message) => {
    const error = { error: { code: 500, message, status: 'INTERNAL' } };
    return { type: SSE_TYPE, body: `${begun(text)}data: ${JSON.stringify(error)}\r\n\r\n` };
  },
};

const SPENT = { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'QUOTA_EXHAUSTED' };

const WORDS: Readonly<Record<string, string>> = {
  'invalid-request': 'INVALID_ARGUMENT',
  authentication: 'UNAUTHENTICATED',
  permission: 'PERMISSION_DENIED',
  'not-found': 'NOT_FOUND',
  'payload-too-large': 'INVALID_ARGUMENT',
  'context-overflow': 'INVALID_ARGUMENT',
  'rate-limit': 'RESOURCE_EXHAUSTED',
  'quota-exhausted': 'RESOURCE_EXHAUSTED',
  overloaded: 'UNAVAILABLE',
};

const memberOr = (value: Json | undefined): JsonObject => objectOf(value) ?? {};

function readPart(reading: Reading, role: string, part: JsonObject): void {
  const signature = part['thoughtSignature'];
  const call = objectOf(part['functionCall']);
  if (typeof signature === 'string' && !UNSAID.has(signature)) reading.signatures.push(signature);
  if (part['thought'] === true) return;
  if (call !== undefined) {
    assert.ok(typeof signature === 'string' || reading.calls.length > 0, 'the first call of an answer is signed');
    return noteCall(reading, call['id'], call['name'], call['args'] ?? {});
  }
  const result = objectOf(part['functionResponse']);
  if (result !== undefined) return readResult(reading, result);
  const blob = objectOf(part['inlineData']);
  if (blob !== undefined)
    return void (blob['mimeType'] === 'application/pdf' ? reading.documents : reading.pictures).push(
      shown(blob['data']),
    );
  const text = textOf(part['text']) ?? '';
  if (text !== '') (role === 'user' ? reading.user : reading.answers).push(text);
}

function readResult(reading: Reading, result: JsonObject): void {
  const { output, error, ...rest } = memberOf(result, 'response');
  const said = error ?? output ?? (Object.keys(rest).length > 0 ? JSON.stringify(rest) : '');
  noteResult(
    reading,
    result['id'],
    [said]
      .flat()
      .map((each) => shown(each))
      .join('\n'),
    error !== undefined,
  );
  for (const part of objectsOf(result['parts']))
    reading.resultPictures.push(shown(memberOf(part, 'inlineData')['data']));
}

function partsOf({ thought, text, refusal, calls = [] }: Answer, id: string): readonly JsonObject[] {
  const signature = thought?.signature ?? (calls.length > 0 ? OWN_SIGNATURE : undefined);
  const signed = signature === undefined ? {} : { thoughtSignature: signature };
  const said: JsonObject[] = [text, refusal].flatMap((each) => (each === undefined ? [] : [{ text: each }]));
  const called: JsonObject[] = calls.map(({ name, input }, index) => ({
    functionCall: { id: callId(id, index), name, args: input },
  }));
  // Gemini signs the first part behind a thought.
  const [first, ...rest] = called.length > 0 ? called : said;
  const last = first === undefined ? [] : [{ ...first, ...signed }, ...rest];
  return [
    ...(thought ? [{ text: thought.text, thought: true }] : []),
    ...(called.length > 0 ? said : []),
    ...last,
    ...(first === undefined ? [{ text: '' }] : []),
  ];
}

/** Texts come in pieces, the signature with the last of them; calls come whole. */
function splitPart(part: JsonObject): readonly JsonObject[] {
  const { text, thoughtSignature, ...rest } = part;
  const pieces = typeof text === 'string' ? halvesOf(text) : [];
  if (pieces.length === 0) return [part];
  return pieces.map((piece, at) => ({
    ...rest,
    text: piece,
    ...(at === pieces.length - 1 && thoughtSignature !== undefined && { thoughtSignature }),
  }));
}

const chunk = (answer: Answer, parts: readonly JsonObject[], last: boolean): JsonObject => ({
  candidates: [{ index: 0, content: { role: 'model', parts }, ...(last && { finishReason: FINISH[answer.finish] }) }],
  usageMetadata: {
    promptTokenCount: answer.usage.input,
    cachedContentTokenCount: answer.usage.cacheRead,
    candidatesTokenCount: answer.usage.output,
    totalTokenCount: answer.usage.input + answer.usage.output,
  },
  modelVersion: 'gemini-3-pro-preview',
  responseId: 'r1',
});

const begun = (text: string): string => {
  const said = chunk({ finish: 'end', usage: { input: 1, cacheRead: 0, output: 1 } }, [{ text }], false);
  return `data: ${JSON.stringify(said)}\r\n\r\n`;
};
