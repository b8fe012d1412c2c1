import { createHash } from 'node:crypto';

import type { Deck, DeckSlide } from '../deck.ts';
import { placeSlide, type PlacedBlock } from '../place-slide.ts';
import { escapeXml } from '../pptx/xml.ts';
import type { Picture } from '../read-picture.ts';
import { isRightToLeftLanguage, linesOf, oneLine } from '../slide-text.ts';
import { SCRIPT } from './script.ts';
import { sizeClass, STYLE } from './style.ts';

/** A deck as one page that needs nothing else: no address is in it, and its own policy allows none. */
export function writePage(deck: Deck): Buffer {
  const title = escapeXml(oneLine(deck.title));
  const direction = isRightToLeftLanguage(deck.lang) ? 'rtl' : 'ltr';
  const slides = deck.slides.map((slide, index) => articleOf(deck, slide, index + 1)).join('\n');
  return Buffer.from(`<!doctype html>
<html lang="${escapeXml(deck.lang)}" dir="${direction}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="Patchbay">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${slides}
</main>
<script>${SCRIPT}</script>
</body>
</html>
`);
}

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** The page may use its own style, its own script and the pictures in it, and nothing else. */
const POLICY = `default-src 'none'; img-src data:; style-src ${hashOf(STYLE)}; script-src ${hashOf(SCRIPT)}; base-uri 'none'; form-action 'none'`;

function articleOf({ title: deckTitle, slides }: Deck, slide: DeckSlide, number: number): string {
  const { template, title, blocks } = placeSlide(slide);
  const heading = escapeXml(title.lines.join(' '));
  const isPictured = slide.picture === undefined ? '' : ' pictured';
  const parts = blocks.map(blockOf).join('') + (slide.picture === undefined ? '' : imageOf(slide.picture, heading));
  const foot =
    template === 'sectionHeader'
      ? ''
      : `<p class="foot"><span dir="auto">${escapeXml(oneLine(deckTitle))}</span><span>${number}</span></p>`;
  return (
    `<article aria-roledescription="slide" aria-label="${number} / ${slides.length}">` +
    `<section class="slide ${template}"><div class="frame"><h2 class="${sizeClass(title.sizePt)}" dir="auto">${heading}</h2>` +
    `<div class="parts texts${blocks.length}${isPictured}">${parts}</div></div>${foot}</section>${notesOf(slide.notes ?? '')}</article>`
  );
}

function blockOf({ lines, isList, sizePt }: PlacedBlock): string {
  const each = (tag: string): string => lines.map((line) => `<${tag} dir="auto">${escapeXml(line)}</${tag}>`).join('');
  const inside = isList && lines.length > 0 ? `<ul>${each('li')}</ul>` : each('p');
  return `<div class="text ${sizeClass(sizePt)}">${inside}</div>`;
}

const imageOf = ({ bytes, type }: Picture, description: string): string =>
  `<img alt="${description}" src="data:image/${type};base64,${bytes.toString('base64')}">`;

const notesOf = (notes: string): string => {
  const lines = linesOf(notes);
  return lines.length === 0
    ? ''
    : `<aside hidden>${lines.map((line) => `<p dir="auto">${escapeXml(line)}</p>`).join('')}</aside>`;
};
