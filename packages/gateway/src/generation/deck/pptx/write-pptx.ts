import { strToU8, zipSync, type Zippable } from 'fflate';

import type { Deck } from '../deck.ts';
import { SLIDE } from '../place-slide.ts';
import { linesOf, oneLine } from '../slide-text.ts';
import { LAYOUTS, layoutXml } from './layouts.ts';
import { MASTER_XML } from './master.ts';
import { NOTES_MASTER_XML, NOTES_PAGE, notesXml } from './notes.ts';
import { relationsXml, type Relation } from './relations.ts';
import { slideXml } from './slide.ts';
import { THEME_XML } from './theme.ts';
import { emu, escapeXml, NAMESPACES, XML_HEAD } from './xml.ts';

/** Files of a presentation by their names. */
type Parts = Map<string, string | Buffer>;

/** A deck as a presentation, the same bytes each time. */
export function writePptx(deck: Deck): Buffer {
  const parts: Parts = new Map();
  deck.slides.forEach((_, index) => addSlide(parts, deck, index));
  const hasNotes = parts.has(notesName(undefined));
  addFrame(parts, deck, hasNotes);
  // What names the types of the others comes first, where readers expect it.
  const all = [['[Content_Types].xml', contentTypes([...parts.keys()])] as const, ...parts];
  return Buffer.from(zipSync(Object.fromEntries(all.map(([name, content]) => [name, zipped(content)]))));
}

/** The first moment that a zip can name, so that a file does not depend on when it was made. */
const MADE_AT = '1980-01-02T00:00:00Z';

const zipped = (content: string | Buffer): Zippable[string] =>
  // Pictures are packed already.
  typeof content === 'string' ? [strToU8(content), { mtime: MADE_AT }] : [content, { mtime: MADE_AT, level: 0 }];

/** The notes of a slide, or the master of all notes. */
const notesName = (number: number | undefined): string =>
  number === undefined ? 'ppt/notesMasters/notesMaster1.xml' : `ppt/notesSlides/notesSlide${number}.xml`;

function addSlide(parts: Parts, deck: Deck, index: number): void {
  const slide = deck.slides[index];
  if (slide === undefined) return;
  const number = index + 1;
  const layout = LAYOUTS.findIndex(({ template }) => template === slide.template) + 1;
  const relations: Relation[] = [['slideLayout', `../slideLayouts/slideLayout${layout}.xml`]];
  if (slide.picture !== undefined) {
    const name = `image${number}.${slide.picture.type}`;
    relations.push(['image', `../media/${name}`]);
    parts.set(`ppt/media/${name}`, slide.picture.bytes);
  }
  parts.set(`ppt/slides/slide${number}.xml`, slideXml(deck, slide, number, 'rId2'));
  if (slide.notes !== undefined && linesOf(slide.notes).length > 0) {
    relations.push(['notesSlide', `../notesSlides/notesSlide${number}.xml`]);
    addNotes(parts, number, notesXml(slide.notes, deck.lang));
  }
  parts.set(`ppt/slides/_rels/slide${number}.xml.rels`, relationsXml(relations));
}

function addNotes(parts: Parts, number: number, xml: string): void {
  parts.set(notesName(number), xml);
  parts.set(
    `ppt/notesSlides/_rels/notesSlide${number}.xml.rels`,
    relationsXml([
      ['notesMaster', '../notesMasters/notesMaster1.xml'],
      ['slide', `../slides/slide${number}.xml`],
    ]),
  );
  parts.set(notesName(undefined), NOTES_MASTER_XML);
  parts.set('ppt/notesMasters/_rels/notesMaster1.xml.rels', relationsXml([['theme', '../theme/theme2.xml']]));
  parts.set('ppt/theme/theme2.xml', THEME_XML);
}

/** Everything that does not depend on what the slides say. */
function addFrame(parts: Parts, { title, lang, slides }: Deck, hasNotes: boolean): void {
  const fixed: readonly Relation[] = [
    ['slideMaster', 'slideMasters/slideMaster1.xml'],
    ['theme', 'theme/theme1.xml'],
    ['presProps', 'presProps.xml'],
    ...(hasNotes ? [['notesMaster', 'notesMasters/notesMaster1.xml'] as const] : []),
  ];
  const ids = slides.map((_, index) => `<p:sldId id="${256 + index}" r:id="rId${fixed.length + 1 + index}"/>`).join('');
  parts.set(
    '_rels/.rels',
    relationsXml([
      ['officeDocument', 'ppt/presentation.xml'],
      ['core-properties', 'docProps/core.xml'],
      ['extended-properties', 'docProps/app.xml'],
    ]),
  );
  parts.set('docProps/core.xml', coreXml(oneLine(title), lang));
  parts.set('docProps/app.xml', APP_XML);
  parts.set(
    'ppt/presentation.xml',
    `${XML_HEAD}<p:presentation ${NAMESPACES} saveSubsetFonts="1"><p:sldMasterIdLst><p:sldMasterId id="2147483648" r:id="rId1"/></p:sldMasterIdLst>` +
      `${hasNotes ? '<p:notesMasterIdLst><p:notesMasterId r:id="rId4"/></p:notesMasterIdLst>' : ''}<p:sldIdLst>${ids}</p:sldIdLst>` +
      `<p:sldSz cx="${emu(SLIDE.widthPt)}" cy="${emu(SLIDE.heightPt)}"/><p:notesSz cx="${emu(NOTES_PAGE.widthPt)}" cy="${emu(NOTES_PAGE.heightPt)}"/></p:presentation>`,
  );
  const slideRelations = slides.map((_, index): Relation => ['slide', `slides/slide${index + 1}.xml`]);
  parts.set('ppt/_rels/presentation.xml.rels', relationsXml([...fixed, ...slideRelations]));
  parts.set('ppt/presProps.xml', `${XML_HEAD}<p:presentationPr ${NAMESPACES}/>`);
  parts.set('ppt/theme/theme1.xml', THEME_XML);
  parts.set('ppt/slideMasters/slideMaster1.xml', MASTER_XML);
  const layoutRelations = LAYOUTS.map((_, index): Relation => [
    'slideLayout',
    `../slideLayouts/slideLayout${index + 1}.xml`,
  ]);
  parts.set(
    'ppt/slideMasters/_rels/slideMaster1.xml.rels',
    relationsXml([...layoutRelations, ['theme', '../theme/theme1.xml']]),
  );
  LAYOUTS.forEach((layout, index) => {
    parts.set(`ppt/slideLayouts/slideLayout${index + 1}.xml`, layoutXml(layout));
    parts.set(
      `ppt/slideLayouts/_rels/slideLayout${index + 1}.xml.rels`,
      relationsXml([['slideMaster', '../slideMasters/slideMaster1.xml']]),
    );
  });
}

const coreXml = (title: string, lang: string): string =>
  `${XML_HEAD}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">` +
  `<dc:title>${escapeXml(title)}</dc:title><dc:creator>Patchbay</dc:creator><dc:language>${escapeXml(lang)}</dc:language></cp:coreProperties>`;

const APP_XML = `${XML_HEAD}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Application>Patchbay</Application></Properties>`;

const PRESENTATION_TYPE = 'application/vnd.openxmlformats-officedocument.presentationml.';
const TYPES: readonly (readonly [pattern: RegExp, type: string])[] = [
  [/^ppt\/presentation\.xml$/, `${PRESENTATION_TYPE}presentation.main+xml`],
  [/^ppt\/presProps\.xml$/, `${PRESENTATION_TYPE}presProps+xml`],
  [/^ppt\/slideMasters\/[^/]+\.xml$/, `${PRESENTATION_TYPE}slideMaster+xml`],
  [/^ppt\/slideLayouts\/[^/]+\.xml$/, `${PRESENTATION_TYPE}slideLayout+xml`],
  [/^ppt\/slides\/[^/]+\.xml$/, `${PRESENTATION_TYPE}slide+xml`],
  [/^ppt\/notesMasters\/[^/]+\.xml$/, `${PRESENTATION_TYPE}notesMaster+xml`],
  [/^ppt\/notesSlides\/[^/]+\.xml$/, `${PRESENTATION_TYPE}notesSlide+xml`],
  [/^ppt\/theme\//, 'application/vnd.openxmlformats-officedocument.theme+xml'],
  [/^docProps\/core/, 'application/vnd.openxmlformats-package.core-properties+xml'],
  [/^docProps\/app/, 'application/vnd.openxmlformats-officedocument.extended-properties+xml'],
];
const DEFAULTS = [
  ['rels', 'application/vnd.openxmlformats-package.relationships+xml'],
  ['xml', 'application/xml'],
  ['png', 'image/png'],
  ['jpeg', 'image/jpeg'],
  ['gif', 'image/gif'],
] as const;

function contentTypes(names: readonly string[]): string {
  const defaults = DEFAULTS.map(([ending, type]) => `<Default Extension="${ending}" ContentType="${type}"/>`);
  const overrides = names.flatMap((name) => {
    const type = TYPES.find(([pattern]) => pattern.test(name))?.[1];
    return type === undefined ? [] : [`<Override PartName="/${name}" ContentType="${type}"/>`];
  });
  return `${XML_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">${[...defaults, ...overrides].join('')}</Types>`;
}
