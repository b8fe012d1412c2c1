import assert from 'node:assert/strict';

import type { Json, JsonObject } from '@patchbay/llm/model/json';
import { arrayOf, isObject, objectOf, textOf } from '@patchbay/llm/wire/read';

import { MAX_TOKENS, type Asked, type Call, type Conversation, type Heard } from './scenario.ts';

/** Grows while a request is read. */
export interface Reading {
  system: string[];
  user: string[];
  pictures: string[];
  documents: string[];
  answers: string[];
  calls: Call[];
  callIds: string[];
  results: { call: number; text: string; isError: boolean }[];
  resultPictures: string[];
  signatures: string[];
}

/** Nothing read yet. */
export const newReading = (): Reading => ({
  system: [],
  user: [],
  pictures: [],
  documents: [],
  answers: [],
  calls: [],
  callIds: [],
  results: [],
  resultPictures: [],
  signatures: [],
});

/** Notes a call under its id, which no other may have. */
export function noteCall(reading: Reading, id: unknown, name: unknown, input: unknown): void {
  assert.ok(typeof id === 'string' && id !== '', 'a call has an id');
  assert.ok(!reading.callIds.includes(id), `${id} names one call`);
  assert.ok(typeof name === 'string' && isObject(input), 'a call has a name and an object of arguments');
  reading.callIds.push(id);
  reading.calls.push({ name, input });
}

/** Notes a result; the call that it answers came before. */
export function noteResult(reading: Reading, id: unknown, text: string, isError: boolean): void {
  const call = reading.callIds.indexOf(shown(id));
  assert.ok(call >= 0, `the result for ${shown(id)} follows its call`);
  reading.results.push({ call, text, isError });
}

/** The settings of a request beside its conversation. */
export type AskedSettings = Pick<Asked, 'tools' | 'schema' | 'stops' | 'maxTokens' | 'thinks'>;

/** Everything that was read. */
export const askedOf = (reading: Reading, settings: AskedSettings): Asked => ({
  system: reading.system.join('\n'),
  user: reading.user,
  pictures: reading.pictures,
  documents: reading.documents,
  answers: reading.answers,
  calls: reading.calls,
  results: reading.results,
  resultPictures: reading.resultPictures,
  signatures: reading.signatures,
  ...settings,
});

/** What the request of round `round` must say, whatever dialect carries it. */
export function expectedAsked({ settings, rounds }: Conversation, round: number): Asked {
  const reading = newReading();
  if (settings.system !== undefined) reading.system.push(settings.system);
  let calls = 0;
  let before = 0;
  for (const { said, answer } of rounds.slice(0, round + 1)) {
    if (said.text !== undefined) reading.user.push(said.text);
    if (said.picture !== undefined) reading.pictures.push(said.picture);
    if (said.document !== undefined) reading.documents.push(said.document);
    for (const [index, result] of (said.results ?? []).entries()) {
      const { text = '', isError = false, picture } = result;
      reading.results.push({ call: before + index, text, isError });
      if (picture !== undefined) reading.resultPictures.push(picture);
    }
    before = calls;
    if (said === rounds[round]?.said) break;
    if (answer.text !== undefined) reading.answers.push(answer.text);
    if (answer.thought?.signature !== undefined) reading.signatures.push(answer.thought.signature);
    reading.calls.push(...(answer.calls ?? []));
    calls += answer.calls?.length ?? 0;
  }
  return askedOf(reading, {
    tools: settings.tools ?? [],
    schema: settings.schema,
    stops: settings.stops ?? [],
    maxTokens: MAX_TOKENS,
    thinks: settings.thinks ?? false,
  });
}

/** What the official client must make of the answer in round `round`. */
export function expectedHeard({ rounds }: Conversation, round: number): Heard {
  const answer = rounds[round]?.answer;
  assert.ok(answer !== undefined);
  return {
    text: (answer.text ?? '') + (answer.refusal ?? ''),
    thought: answer.thought?.text ?? '',
    calls: answer.calls ?? [],
    finish: answer.finish,
    ...answer.usage,
  };
}

/** The texts of a list of parts, and of a bare string the string. */
export const textsOf = (content: Json | undefined, type = 'text'): readonly string[] =>
  typeof content === 'string'
    ? [content]
    : objectsOf(content).flatMap((part) => (part['type'] === type ? [textOf(part['text']) ?? ''] : []));

export const objectsOf = (list: Json | undefined): readonly JsonObject[] => arrayOf(list).filter(isObject);

/** The bytes of a data URL in base64. */
export function dataOf(url: unknown, mediaType: string): string {
  const [head, data] = shown(url).split(',');
  assert.equal(head, `data:${mediaType};base64`);
  return data ?? '';
}

/** A member that must be an object. */
export function memberOf(object: JsonObject | undefined, name: string): JsonObject {
  const member = objectOf(object?.[name]);
  assert.ok(member !== undefined, `${name} is an object`);
  return member;
}

/** A text as it is, anything else as JSON. */
export const shown = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
