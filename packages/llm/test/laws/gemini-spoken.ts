import type { Json, JsonObject } from '../../src/model/json.ts';
import { recordedEvents } from '../../src/testing/join-stream.ts';
import type { Spoken } from '../../src/testing/spoken.ts';
import { arrayOf, isObject, numberOf, objectOf, textOf } from '../../src/wire/read.ts';

/** Reads an answer of `generateContent`, recorded or made by the official client, plainly and without our codec. */
export function spokenByGemini(answer: unknown): Spoken {
  const body = objectOf(answer) ?? {};
  const candidate = objectOf(arrayOf(body['candidates'])[0]);
  const parts = arrayOf(objectOf(candidate?.['content'])?.['parts']).filter(isObject);
  const words = (thought: boolean): string =>
    parts.map((part) => ((part['thought'] === true) === thought ? (textOf(part['text']) ?? '') : '')).join('');
  const calls = parts.flatMap((part) => {
    const call = objectOf(part['functionCall']);
    return call === undefined ? [] : [{ name: textOf(call['name']) ?? '', input: call['args'] ?? {} }];
  });
  return {
    text: words(false),
    reasoning: words(true),
    calls,
    finish: finishOf(textOf(candidate?.['finishReason']) ?? '', calls.length > 0),
    usage: usageOf(objectOf(body['usageMetadata'])),
  };
}

function finishOf(reason: string, called: boolean): Spoken['finish'] {
  if (reason === 'MAX_TOKENS') return 'length';
  if (reason === 'SAFETY') return 'declined';
  return called ? 'tools' : 'end';
}

function usageOf(usage: JsonObject | undefined): Spoken['usage'] {
  if (usage === undefined) return undefined;
  const count = (name: string): number => numberOf(usage[name]) ?? 0;
  return {
    input: count('promptTokenCount') + count('toolUsePromptTokenCount'),
    cacheRead: count('cachedContentTokenCount'),
    cacheWrite: 0,
    output: count('candidatesTokenCount') + count('thoughtsTokenCount'),
    reasoning: count('thoughtsTokenCount'),
  };
}

/** The answer that chunks amount to: their parts in a row, and what was said last of all else. */
export function joinChunks(chunks: readonly unknown[]): JsonObject {
  const parts: Json[] = [];
  let candidate: JsonObject = {};
  let answer: JsonObject = {};
  for (const chunk of chunks.filter(isObject)) {
    answer = { ...answer, ...chunk };
    const said = objectOf(arrayOf(chunk['candidates'])[0]) ?? {};
    candidate = { ...candidate, ...said };
    for (const part of arrayOf(objectOf(said['content'])?.['parts'])) parts.push(part);
  }
  return { ...answer, candidates: [{ ...candidate, content: { parts, role: 'model' } }] };
}

/** The answer that a recorded stream amounts to. */
export const joinGemini = (sseText: string): JsonObject => joinChunks(recordedEvents(sseText));
