import { SLIDE_TEMPLATES, type Slide, type SlideContent } from '@patchbay/contract/resources/generation';
import type { JsonObject } from '@patchbay/llm/model/json';
import type { Checked } from '@patchbay/llm/tools/standard-schema';
import { isObject } from '@patchbay/llm/wire/read';

import { hasMarkup, languageIssue, wordsIn } from '../wording.ts';
import type { SlidesAsk } from './prompt.ts';

const TEXT = { type: 'string' } as const;
const COLUMNS = {
  type: 'object',
  properties: { leftColumn: TEXT, rightColumn: TEXT },
  required: ['leftColumn', 'rightColumn'],
  additionalProperties: false,
} as const;

/** What the model is told of its answer. */
export const slidesSchema = (count: number): JsonObject => ({
  type: 'object',
  properties: {
    slides: {
      type: 'array',
      minItems: count,
      maxItems: count,
      items: {
        type: 'object',
        properties: {
          title: TEXT,
          template: { type: 'string', enum: [...SLIDE_TEMPLATES] },
          content: { anyOf: [TEXT, { type: 'array', items: TEXT }, COLUMNS] },
          notes: TEXT,
        },
        required: ['title', 'template', 'content', 'notes'],
        additionalProperties: false,
      },
    },
  },
  required: ['slides'],
  additionalProperties: false,
});

/** Share of slides that must speak of their subject. */
const ON_TOPIC_SHARE = 0.7;
/** Fewest slides of which one must have two columns. */
const TWO_COLUMNS_FROM = 2;

/** Reads the slides of these titles, or says what is wrong with them. */
export function checkSlides(value: unknown, { topic, titles, lang }: SlidesAsk): Checked<readonly Slide[]> {
  const list: unknown = isObject(value) ? value['slides'] : undefined;
  if (!Array.isArray(list)) return { ok: false, issues: ['`slides` must be a list of slides'] };
  if (list.length !== titles.length)
    return { ok: false, issues: [`\`slides\` must have exactly ${titles.length} slides, not ${list.length}`] };
  const read = list.map((each, at) => readSlide(each, titles[at] ?? '', at));
  const issues = read.flatMap((each) => (Array.isArray(each) ? each : []));
  const slides = read.filter((each): each is Slide => !Array.isArray(each));
  if (issues.length === 0) issues.push(...deckIssues(slides, topic, lang));
  return issues.length === 0 ? { ok: true, value: slides } : { ok: false, issues };
}

/** A slide under the title that was asked for, or what is wrong with it. */
function readSlide(value: unknown, title: string, at: number): Slide | string[] {
  const place = `slide ${at + 1}`;
  if (!isObject(value)) return [`${place} must be an object`];
  const template = SLIDE_TEMPLATES.find((each) => each === value['template']);
  if (template === undefined) return [`${place} must have a \`template\` of ${SLIDE_TEMPLATES.join(', ')}`];
  const content = CONTENTS[template](value['content']);
  if (content === undefined) return [`${place} must have ${WANTED[template]} as \`content\`, as its template has it`];
  const { notes } = value;
  const texts = [...textsIn(content), ...(typeof notes === 'string' ? [notes] : [])];
  if (textsIn(content).some((text) => text.trim() === '')) return [`${place} must not have empty texts`];
  if (texts.some(hasMarkup)) return [`${place} must be plain text, without markup and line breaks`];
  return { title, template, content, ...(typeof notes === 'string' && notes !== '' && { notes }) };
}

const WANTED: Readonly<Record<Slide['template'], string>> = {
  sectionHeader: 'a text',
  titleAndBody: 'a text',
  titleAndBullets: 'a list of texts',
  twoColumn: '`leftColumn` and `rightColumn`, a text each,',
};

type ReadContent = (value: unknown) => SlideContent | undefined;

const readText: ReadContent = (value) => (typeof value === 'string' ? value.trim() : undefined);

const readList: ReadContent = (value) =>
  Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === 'string')
    ? value.map((each: string) => each.trim())
    : undefined;

const CONTENTS: Readonly<Record<Slide['template'], ReadContent>> = {
  sectionHeader: readText,
  titleAndBody: readText,
  titleAndBullets: readList,
  twoColumn: (value) => {
    if (!isObject(value)) return undefined;
    const [left, right] = [value['leftColumn'], value['rightColumn']].map((each) => readText(each) ?? readList(each));
    const isColumn = (each: SlideContent | undefined): each is string | string[] =>
      typeof each === 'string' || Array.isArray(each);
    return isColumn(left) && isColumn(right) ? { leftColumn: left, rightColumn: right } : undefined;
  },
};

/** Every text of a slide’s content. */
export const textsIn = (content: SlideContent): readonly string[] =>
  typeof content === 'string'
    ? [content]
    : Array.isArray(content)
      ? content
      : [content.leftColumn, content.rightColumn].flat();

/** What is wrong with the slides together. */
function deckIssues(slides: readonly Slide[], topic: string, lang: string): readonly string[] {
  const texts = slides.map(({ content, notes = '' }) => [...textsIn(content), notes].join(' '));
  const about = slides.filter(({ title }, at) => speaksOf(texts[at] ?? '', `${topic} ${title}`)).length;
  const hasColumns = slides.some(({ template }) => template === 'twoColumn');
  return [
    ...(hasColumns || slides.length < TWO_COLUMNS_FROM
      ? []
      : ['at least one slide must have the template `twoColumn`']),
    ...(about > slides.length * ON_TOPIC_SHARE
      ? []
      : [`more than ${ON_TOPIC_SHARE * 100} % of the slides must speak of ${topic}; name it or its parts`]),
    languageIssue(texts, lang) ?? [],
  ].flat();
}

/** Letters that words must share at their beginning: `ethics` is spoken of by `ethical`. */
const STEM_CHARS = 5;

function speaksOf(text: string, subject: string): boolean {
  const lower = text.toLowerCase();
  const stems = [...wordsIn(subject)].map((word) => word.slice(0, STEM_CHARS));
  return stems.length === 0 || stems.some((stem) => lower.includes(stem));
}
