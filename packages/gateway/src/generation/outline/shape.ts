import type { JsonObject } from '@patchbay/llm/model/json';
import type { Checked } from '@patchbay/llm/tools/standard-schema';
import { isObject } from '@patchbay/llm/wire/read';

import { hasMarkup, languageIssue } from '../wording.ts';

/** Titles, and the passages that the model says it used. */
export interface WrittenOutline {
  readonly outlines: readonly string[];
  readonly sources: readonly string[];
}

/** What the model is told of its answer. */
export const outlineSchema = (count: number, hasDocument: boolean): JsonObject => ({
  type: 'object',
  properties: {
    outlines: { type: 'array', items: { type: 'string' }, minItems: count, maxItems: count },
    ...(hasDocument && { sources: { type: 'array', items: { type: 'string' } } }),
  },
  required: hasDocument ? ['outlines', 'sources'] : ['outlines'],
  additionalProperties: false,
});

const TITLE_CHARS_MAX = 200;
/** Models number titles although they are asked not to. */
const NUMBER = /^\s*(?:slide\s+)?\d{1,2}\s*[.):]\s+/i;

/** Reads an outline of exactly `count` titles in a language, or says what is wrong with it. */
export function checkOutline(value: unknown, count: number, lang: string): Checked<WrittenOutline> {
  const list = isObject(value) ? value['outlines'] : undefined;
  if (!Array.isArray(list) || !isObject(value)) return { ok: false, issues: ['`outlines` must be a list of titles'] };
  const outlines = list.map((each: unknown) => (typeof each === 'string' ? each.trim().replace(NUMBER, '') : ''));
  const named = value['sources'];
  const issues = [
    ...(outlines.length === count ? [] : [`\`outlines\` must have exactly ${count} titles, not ${outlines.length}`]),
    ...outlines.flatMap(titleIssues),
    ...repeated(outlines),
    languageIssue(outlines, lang) ?? [],
  ].flat();
  if (issues.length > 0) return { ok: false, issues };
  const sources = Array.isArray(named) ? named.filter((each): each is string => typeof each === 'string') : [];
  return { ok: true, value: { outlines, sources } };
}

function titleIssues(title: string, at: number): readonly string[] {
  if (title === '') return [`title ${at + 1} must be a text that is not empty`];
  if (title.length > TITLE_CHARS_MAX) return [`title ${at + 1} must have at most ${TITLE_CHARS_MAX} characters`];
  return hasMarkup(title) ? [`title ${at + 1} must be one plain line without markup`] : [];
}

function repeated(titles: readonly string[]): readonly string[] {
  const lower = titles.map((title) => title.toLowerCase());
  const at = lower.findIndex((title, index) => title !== '' && lower.indexOf(title) < index);
  return at < 0 ? [] : [`title ${at + 1} says the same as another one`];
}
