import type { Place } from '../place-slide.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** A text as it may stand between tags and in attributes. */
export const escapeXml = (text: string): string => text.replace(/[&<>"']/g, (each) => ESCAPES[each] ?? each);

/** The first line of every part. */
export const XML_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

/** The names of everything that slides are made of. */
export const NAMESPACES =
  'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" ' +
  'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" ' +
  'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"';

const EMU_PER_PT = 12_700;

/** Points in the unit of the format. */
export const emu = (pt: number): number => Math.round(pt * EMU_PER_PT);

/** Where a shape stands. */
export const transformOf = ({ leftPt, topPt, widthPt, heightPt }: Place): string =>
  `<a:xfrm><a:off x="${emu(leftPt)}" y="${emu(topPt)}"/><a:ext cx="${emu(widthPt)}" cy="${emu(heightPt)}"/></a:xfrm>`;

/** A tree of shapes, which every slide, layout and master has. */
export const shapeTree = (shapes: string): string =>
  '<p:spTree><p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr><a:xfrm><a:off x="0" y="0"/>' +
  `<a:ext cx="0" cy="0"/><a:chOff x="0" y="0"/><a:chExt cx="0" cy="0"/></a:xfrm></p:grpSpPr>${shapes}</p:spTree>`;

/** A shape that texts are put into: what it is for, and where; the latter from its layout where it says nothing. */
export interface Placeholder {
  readonly id: number;
  readonly name: string;
  /** Attributes of the mark, e.g. `type="title"`. */
  readonly mark: string;
  readonly place?: Place;
  /** What it says of its text as a whole, as XML. */
  readonly body?: string;
  /** Paragraphs, as XML; one at least. */
  readonly paragraphs: string;
}

/** Writes it. */
export const placeholderOf = ({ id, name, mark, place, body = '<a:bodyPr/>', paragraphs }: Placeholder): string =>
  `<p:sp><p:nvSpPr><p:cNvPr id="${id}" name="${escapeXml(name)}"/><p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr><p:ph ${mark}/></p:nvPr></p:nvSpPr>` +
  `<p:spPr>${place === undefined ? '' : transformOf(place)}</p:spPr><p:txBody>${body}${paragraphs}</p:txBody></p:sp>`;

/** A plain shape in one colour of the theme. */
export const barOf = (id: number, name: string, place: Place, colour: string): string =>
  `<p:sp><p:nvSpPr><p:cNvPr id="${id}" name="${name}"/><p:cNvSpPr/><p:nvPr userDrawn="1"/></p:nvSpPr><p:spPr>${transformOf(place)}` +
  `<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill><a:schemeClr val="${colour}"/></a:solidFill><a:ln><a:noFill/></a:ln></p:spPr>` +
  '<p:txBody><a:bodyPr/><a:lstStyle/><a:p><a:endParaRPr lang="en"/></a:p></p:txBody></p:sp>';
