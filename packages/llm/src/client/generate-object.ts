import type { Failure } from '../model/failure.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { Message } from '../model/message.ts';
import { issuesOf } from '../tools/check-value.ts';
import { readPartialJson } from '../tools/partial-json.ts';
import {
  checkBy,
  isStandardSchema,
  jsonSchemaOf,
  type Checked,
  type OutputOf,
  type StandardSchema,
} from '../tools/standard-schema.ts';
import { parseJson } from '../wire/read.ts';
import { readAsk, type Ask } from './ask.ts';
import type { CallOptions } from './call-options.ts';
import type { Client } from './client-of.ts';
import type { Generated } from './generated.ts';
import { LlmError } from './llm-error.ts';

/** What an object must be like. */
export interface ObjectOptions<Schema extends StandardSchema | JsonObject> extends CallOptions {
  /** A schema of any validator (https://standardschema.dev), or JSON Schema, of which then the common parts are checked. */
  readonly schema: Schema;
  /** What the model is told, where the validator cannot say its schema as JSON Schema. */
  readonly jsonSchema?: JsonObject;
  /** Told to providers that have a place for them. */
  readonly name?: string;
  readonly description?: string;
}

/** The type of what a schema describes; JSON Schema says nothing to the compiler. */
export type ObjectOf<Schema> = Schema extends StandardSchema ? OutputOf<Schema> : Json;

/** An answer that is an object. */
export interface GeneratedObject<T> {
  /** Checked, and changed where its validator changes values. */
  readonly object: T;
  /** The answer that it was read from. */
  readonly answer: Generated;
  /** The answer before it, whose mistakes the model was told; absent when the first one was right. */
  readonly refused?: Generated;
}

/** An object while it comes. */
export interface ObjectStream<T> {
  /** What is there so far, unchecked, every time more of it can be read; the last one is whole. */
  readonly partialObjectStream: AsyncIterable<Json>;
  /** The object, checked. Reads the stream when nobody else does. */
  result(): Promise<GeneratedObject<T>>;
}

/**
 * Asks for an object by a schema, in the way that the provider has for it. An answer that does not fit goes back to the
 * model once, with what is wrong with it. Throws `LlmError`: when the second one does not fit either, its kind is
 * `protocol` and the message says what is wrong.
 */
export async function generateObject<const Schema extends StandardSchema | JsonObject>(
  client: Pick<Client, 'generate'>,
  ask: Ask,
  options: ObjectOptions<Schema>,
): Promise<GeneratedObject<ObjectOf<Schema>>> {
  const asked = askFor(ask, options);
  return settle(client, { asked, options, first: await client.generate(asked, options) });
}

/** The same, streamed. The round that mends a wrong answer is not. */
export function streamObject<const Schema extends StandardSchema | JsonObject>(
  client: Pick<Client, 'generate' | 'stream'>,
  ask: Ask,
  options: ObjectOptions<Schema>,
): ObjectStream<ObjectOf<Schema>> {
  const asked = askFor(ask, options);
  const stream = client.stream(asked, options);
  return {
    partialObjectStream: { [Symbol.asyncIterator]: () => partialObjects(stream.textStream) },
    result: async () => settle(client, { asked, options, first: await stream.result() }),
  };
}

function askFor(ask: Ask, options: ObjectOptions<StandardSchema | JsonObject>): Ask {
  const { schema, name, description } = options;
  const told = options.jsonSchema ?? jsonSchemaOf(schema);
  if (told === undefined)
    throw new LlmError({
      kind: 'invalid-request',
      path: 'schema',
      message: 'This schema cannot be said as JSON Schema. Give `jsonSchema` beside it.',
    });
  const shape = {
    schema: told,
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
  };
  return { ...ask, outputFormat: { type: 'json-schema', ...shape } };
}

interface Settling<Schema extends StandardSchema | JsonObject> {
  readonly asked: Ask;
  readonly options: ObjectOptions<Schema>;
  readonly first: Generated;
}

async function settle<Schema extends StandardSchema | JsonObject>(
  client: Pick<Client, 'generate'>,
  { asked, options, first }: Settling<Schema>,
): Promise<GeneratedObject<ObjectOf<Schema>>> {
  const read = await readObject(options.schema, first.text);
  if (read.ok) return { object: read.value as ObjectOf<Schema>, answer: first };
  // An answer that was cut off or declined is not mended by asking again.
  if (first.finish.reason !== 'stop') throw new LlmError(unfit(read.issues, first), first.attempts);
  const second = await client.generate(mending(asked, first, read.issues), options);
  const mended = await readObject(options.schema, second.text);
  if (!mended.ok) throw new LlmError(unfit(mended.issues, second), [...first.attempts, ...second.attempts]);
  return { object: mended.value as ObjectOf<Schema>, answer: second, refused: first };
}

function mending(asked: Ask, first: Generated, issues: readonly string[]): Ask {
  const read = readAsk(asked, { stream: false });
  if (!read.ok) throw new LlmError(read.failure);
  const { prompt: _, system: __, ...rest } = asked;
  const text = `Your answer does not fit the schema: ${issues.join('; ')}. Give the whole answer again, mended.`;
  const again: Message = { role: 'user', content: [{ type: 'text', text }] };
  return { ...rest, messages: [...read.value.request.messages, first.message, again] };
}

async function readObject(schema: StandardSchema | JsonObject, text: string): Promise<Checked<unknown>> {
  const value = parseJson(withoutFence(text));
  if (value === undefined) return { ok: false, issues: ['it is no JSON'] };
  if (isStandardSchema(schema)) return checkBy(schema, value);
  const issues = issuesOf(schema, value);
  return issues.length === 0 ? { ok: true, value } : { ok: false, issues };
}

/** Models that are asked for JSON by words alone like to put it between fences. */
const withoutFence = (text: string): string => /^\s*```(?:json)?\s*\n([\s\S]*?)\n?\s*```\s*$/.exec(text)?.[1] ?? text;

const unfit = (issues: readonly string[], { finish, text }: Generated): Failure => ({
  kind: finish.reason === 'refusal' || finish.reason === 'content-filter' ? 'content-policy' : 'protocol',
  message:
    finish.reason === 'stop'
      ? `The answer does not fit the schema: ${issues.join('; ')}.`
      : `The answer ended before it fitted the schema (${finish.reason}): ${issues.join('; ')}.`,
  detail: text,
});

/** Shortest growth worth another reading, in characters, and as a share of what is there: so that reading stays linear. */
const GROWTH_MIN = 16;
const GROWTH_SHARE = 32;

async function* partialObjects(texts: AsyncIterable<string>): AsyncGenerator<Json> {
  let text = '';
  let readChars = 0;
  let said = '';
  for await (const piece of texts) {
    text += piece;
    if (text.length - readChars < Math.max(GROWTH_MIN, text.length / GROWTH_SHARE)) continue;
    readChars = text.length;
    const value = readPartialJson(text);
    if (value === undefined) continue;
    said = text;
    yield value;
  }
  const last = said === text ? undefined : readPartialJson(withoutFence(text));
  if (last !== undefined) yield last;
}
