import type { JsonObject } from '../model/json.ts';
import { arrayOf, isObject, numberOf, objectOf, textOf } from '../wire/read.ts';

/** A model as its provider lists it. Absent members are what the list does not say. */
export interface OfferedModel {
  /** The name to ask for. */
  readonly id: string;
  /** The name for people. */
  readonly name?: string;
  /** Milliseconds since 1970. */
  readonly createdAtMs?: number;
  /** Prompt and answer together, in tokens. */
  readonly contextTokens?: number;
  readonly maxOutputTokens?: number;
}

/** Members that hold the same fact in different lists; the first that is there counts. */
const CONTEXT = [
  'context_length',
  'context_window',
  'max_context_length',
  'max_model_len',
  'max_input_tokens',
  'inputTokenLimit',
];
const OUTPUT = ['max_completion_tokens', 'max_output_tokens', 'outputTokenLimit', 'max_tokens'];

/**
 * Reads a list of models: OpenAI's, Anthropic's, Google's (`models/…`), Cohere's, or Together's bare one. Rows without a
 * name are left out.
 */
export function readModelList(body: unknown): readonly OfferedModel[] {
  const list = objectOf(body);
  const rows = Array.isArray(body) ? body : arrayOf(list?.['data'] ?? list?.['models']);
  return rows.flatMap((row) => (isObject(row) ? offered(row) : []));
}

function offered(row: JsonObject): readonly OfferedModel[] {
  const id = textOf(row['id']) ?? textOf(row['name'])?.replace(/^models\//, '');
  if (id === undefined || id === '') return [];
  const name = textOf(row['display_name']) ?? textOf(row['displayName']) ?? textOf(row['name']);
  const createdAtMs = createdAt(row);
  const contextTokens = firstOf(row, CONTEXT);
  const maxOutputTokens = firstOf(row, OUTPUT) ?? firstOf(objectOf(row['top_provider']) ?? {}, OUTPUT);
  return [
    {
      id,
      ...(name !== undefined && name !== id && !name.startsWith('models/') && { name }),
      ...(createdAtMs !== undefined && { createdAtMs }),
      ...(contextTokens !== undefined && { contextTokens }),
      ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    },
  ];
}

/** OpenAI counts seconds, Anthropic writes a date; 0 is what those say who do not know. */
function createdAt({ created_at: date, created: seconds }: JsonObject): number | undefined {
  const atMs = typeof date === 'string' ? Date.parse(date) : (numberOf(seconds) ?? 0) * 1000;
  return atMs > 0 ? atMs : undefined;
}

/** The first of the members that is a number above zero: zero is what lists say where they do not know. */
function firstOf(row: JsonObject, members: readonly string[]): number | undefined {
  return members.map((member) => numberOf(row[member])).find((value) => value !== undefined && value > 0);
}
