import type { Slide } from '@patchbay/contract/resources/generation';

import { placeSlide } from '../place-slide.ts';
import { barOf, NAMESPACES, placeholderOf, shapeTree, XML_HEAD } from './xml.ts';

interface Layout {
  readonly template: Slide['template'];
  /** What programs call a layout of this kind, so that text finds its place when another is chosen. */
  readonly kind: string;
  readonly name: string;
}

/** Layouts in the order of their files. */
export const LAYOUTS: readonly Layout[] = [
  { template: 'sectionHeader', kind: 'secHead', name: 'Section header' },
  { template: 'titleAndBody', kind: 'tx', name: 'Title and text' },
  { template: 'titleAndBullets', kind: 'obj', name: 'Title and list' },
  { template: 'twoColumn', kind: 'twoObj', name: 'Title and two columns' },
];

const fill = (colour: string): string => `<a:solidFill><a:schemeClr val="${colour}"/></a:solidFill>`;
const sample = (text: string): string => `<a:p><a:r><a:rPr lang="en"/><a:t>${text}</a:t></a:r></a:p>`;
const EMPTY = '<a:p><a:endParaRPr lang="en"/></a:p>';
const FURNITURE =
  placeholderOf({ id: 8, name: 'Footer', mark: 'type="ftr" sz="quarter" idx="11"', paragraphs: EMPTY }) +
  placeholderOf({ id: 9, name: 'Number', mark: 'type="sldNum" sz="quarter" idx="12"', paragraphs: EMPTY });

/** A layout as its file. */
export function layoutXml({ template, kind, name }: Layout): string {
  const isHeader = template === 'sectionHeader';
  const content = template === 'twoColumn' ? { leftColumn: '', rightColumn: '' } : '';
  const { title, blocks } = placeSlide({ title: '', template, content });
  const style = isHeader
    ? `<a:lstStyle><a:lvl1pPr marL="0" indent="0"><a:buNone/><a:defRPr sz="2200">${fill('bg2')}</a:defRPr></a:lvl1pPr></a:lstStyle>`
    : '<a:lstStyle/>';
  const shapes = [
    isHeader ? barOf(7, 'Accent', { leftPt: 60, topPt: 130, widthPt: 6, heightPt: 280 }, 'accent1') : '',
    placeholderOf({
      id: 2,
      name: 'Title',
      mark: 'type="title"',
      place: title.place,
      body: `<a:bodyPr anchor="b"><a:normAutofit/></a:bodyPr>${isHeader ? `<a:lstStyle><a:lvl1pPr><a:defRPr sz="4800">${fill('bg1')}</a:defRPr></a:lvl1pPr></a:lstStyle>` : '<a:lstStyle/>'}`,
      paragraphs: sample('Title'),
    }),
    ...blocks.map(({ place }, index) =>
      placeholderOf({
        id: 3 + index,
        name: `Text ${index + 1}`,
        mark: `type="body" idx="${index + 1}"`,
        place,
        body: `<a:bodyPr><a:normAutofit/></a:bodyPr>${style}`,
        paragraphs: sample('Text'),
      }),
    ),
    isHeader ? '' : FURNITURE,
  ].join('');
  const background = isHeader ? `<p:bg><p:bgPr>${fill('tx2')}<a:effectLst/></p:bgPr></p:bg>` : '';
  return (
    `${XML_HEAD}<p:sldLayout ${NAMESPACES} type="${kind}" preserve="1"${isHeader ? ' showMasterSp="0"' : ''}><p:cSld name="${name}">${background}${shapeTree(shapes)}</p:cSld>` +
    '<p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:sldLayout>'
  );
}
