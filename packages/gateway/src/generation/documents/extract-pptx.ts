import { posix } from 'node:path';

import { readOfficeText } from './office-text.ts';
import { openZip } from './open-zip.ts';
import { attributeOf, localName, scanMarkup } from './scan-markup.ts';
import type { Passage } from './split-parts.ts';
import { unreadable } from './unreadable.ts';

/** What stands on a slide. */
export interface SlideText {
  readonly title: string;
  /** Paragraphs and rows of tables, without the title. */
  readonly lines: readonly string[];
  /** Paragraphs that the speaker says. */
  readonly notes: readonly string[];
}

const PRESENTATION = 'ppt/presentation.xml';
const WANTED = /^ppt\/(?:presentation\.xml|_rels\/presentation\.xml\.rels|(?:slides|notesSlides)\/.*\.(?:xml|rels))$/;
/** Placeholders that repeat what is no content: numbers, dates, footers and the picture of the slide above its notes. */
const FURNITURE = new Set(['sldNum', 'dt', 'ftr', 'hdr', 'sldImg']);
const TITLES = new Set(['title', 'ctrTitle']);

/** The text of a presentation, one passage for each slide with its notes below. */
export function extractPptx(bytes: Uint8Array): readonly Passage[] {
  return slidesOf(bytes).map(({ title, lines, notes }, index) => ({
    page: index + 1,
    text: [title, ...lines, ...notes].filter((text) => text !== '').join('\n\n'),
  }));
}

/** The slides of a presentation in the order in which they are shown. */
export function slidesOf(bytes: Uint8Array): readonly SlideText[] {
  const files = openZip(bytes, (name) => WANTED.test(name));
  const presentation = files.get(PRESENTATION);
  if (presentation === undefined) {
    throw unreadable('invalid-request', 'The file is no PowerPoint presentation: it has no list of slides.');
  }
  const targets = new Map(relationsOf(files, PRESENTATION).map(({ id, target }) => [id, target]));
  return slideIds(presentation).flatMap((id) => {
    const name = targets.get(id);
    const xml = name === undefined ? undefined : files.get(name);
    return name === undefined || xml === undefined ? [] : [{ ...readShapes(xml), notes: notesOf(files, name) }];
  });
}

function slideIds(presentation: string): readonly string[] {
  return [...scanMarkup(presentation)].flatMap((token) => {
    const isSlide = token.kind === 'open' && localName(token.name) === 'sldId';
    const id = isSlide ? attributeOf(token.attributes, 'r:id') : undefined;
    return id === undefined ? [] : [id];
  });
}

interface Relation {
  readonly id: string;
  readonly type: string;
  /** Name of the file it leads to. */
  readonly target: string;
}

function relationsOf(files: ReadonlyMap<string, string>, of: string): readonly Relation[] {
  const folder = posix.dirname(of);
  const xml = files.get(`${folder}/_rels/${posix.basename(of)}.rels`) ?? '';
  return [...scanMarkup(xml)].flatMap((token) => {
    if (token.kind !== 'open' || localName(token.name) !== 'Relationship') return [];
    const target = attributeOf(token.attributes, 'Target') ?? '';
    return {
      id: attributeOf(token.attributes, 'Id') ?? '',
      type: attributeOf(token.attributes, 'Type') ?? '',
      target: target.startsWith('/') ? target.slice(1) : posix.join(folder, target),
    };
  });
}

function notesOf(files: ReadonlyMap<string, string>, slide: string): readonly string[] {
  const notes = relationsOf(files, slide).find(({ type }) => type.endsWith('/notesSlide'));
  return notes === undefined ? [] : readShapes(files.get(notes.target) ?? '').lines;
}

function readShapes(xml: string): Omit<SlideText, 'notes'> {
  const titles: string[] = [];
  const lines: string[] = [];
  let placeholder = '';
  readOfficeText(xml, {
    onOpen: (name, attributes) => {
      if (name === 'sp') placeholder = '';
      if (name === 'ph') placeholder = attributeOf(attributes, 'type') ?? 'body';
    },
    onClose: (name) => {
      if (name === 'sp') placeholder = '';
    },
    onParagraph: (text) => {
      if (!FURNITURE.has(placeholder)) (TITLES.has(placeholder) ? titles : lines).push(text);
    },
  });
  return { title: titles.join(' '), lines };
}
