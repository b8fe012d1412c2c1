import { placeSlide } from '../place-slide.ts';
import { LAYOUTS } from './layouts.ts';
import { barOf, emu, NAMESPACES, placeholderOf, shapeTree, XML_HEAD } from './xml.ts';

/** Which colour of the theme stands for what. */
export const COLOUR_MAP =
  'bg1="lt1" tx1="dk1" bg2="lt2" tx2="dk2" accent1="accent1" accent2="accent2" accent3="accent3" accent4="accent4" ' +
  'accent5="accent5" accent6="accent6" hlink="hlink" folHlink="folHlink"';

const FONT = '<a:latin typeface="+mn-lt"/><a:ea typeface="+mn-ea"/><a:cs typeface="+mn-cs"/>';
const colour = (name: string): string => `<a:solidFill><a:schemeClr val="${name}"/></a:solidFill>`;

const TITLE_STYLE =
  '<a:lvl1pPr algn="l" defTabSz="914400" rtl="0" eaLnBrk="1" latinLnBrk="0" hangingPunct="1"><a:lnSpc><a:spcPct val="95000"/></a:lnSpc><a:buNone/>' +
  `<a:defRPr sz="3200" b="1" kern="1200">${colour('tx2')}<a:latin typeface="+mj-lt"/><a:ea typeface="+mj-ea"/><a:cs typeface="+mj-cs"/></a:defRPr></a:lvl1pPr>`;

const bodyLevel = (level: number): string =>
  `<a:lvl${level}pPr marL="${emu(27 * level)}" indent="-${emu(24)}" algn="l" defTabSz="914400" rtl="0" eaLnBrk="1" latinLnBrk="0" hangingPunct="1">` +
  `<a:spcBef><a:spcPts val="${level === 1 ? 900 : 500}"/></a:spcBef><a:buClr><a:schemeClr val="accent1"/></a:buClr><a:buFont typeface="Arial"/><a:buChar char="•"/>` +
  `<a:defRPr sz="${2600 - 300 * (level - 1)}" kern="1200">${colour('tx1')}${FONT}</a:defRPr></a:lvl${level}pPr>`;

const otherLevel = (level: number): string =>
  `<a:lvl${level}pPr marL="0" algn="l"><a:defRPr sz="1800">${colour('tx1')}${FONT}</a:defRPr></a:lvl${level}pPr>`;

const SAMPLE = placeSlide({ title: '', template: 'titleAndBody', content: '' });
const SMALL = `<a:bodyPr vert="horz" lIns="0" tIns="0" rIns="0" bIns="0" anchor="ctr"/><a:lstStyle><a:lvl1pPr algn="l"><a:defRPr sz="1100">${colour('accent6')}</a:defRPr></a:lvl1pPr></a:lstStyle>`;

/** Where the deck's title and the number stand on each slide. */
const FOOTER = { leftPt: 60, topPt: 500, widthPt: 640, heightPt: 22 };
const NUMBER = { leftPt: 800, topPt: 500, widthPt: 100, heightPt: 22 };

/** How texts at the foot of a slide look: said with each of them, since some programs do not ask the master. */
export const footStyle = (lang: string): string =>
  `<a:rPr lang="${lang}" sz="1100">${colour('accent6')}${FONT}</a:rPr>`;

/** The number of the slide, as a field that its reader fills in. */
export const numberField = (shown: string): string =>
  `<a:p><a:pPr algn="r"/><a:fld id="{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}" type="slidenum">${footStyle('en')}<a:t>${shown}</a:t></a:fld></a:p>`;

const shapes = [
  barOf(7, 'Accent', { leftPt: 60, topPt: 112, widthPt: 840, heightPt: 1.5 }, 'accent1'),
  placeholderOf({
    id: 2,
    name: 'Title',
    mark: 'type="title"',
    place: SAMPLE.title.place,
    body: '<a:bodyPr vert="horz" lIns="0" tIns="0" rIns="0" bIns="0" anchor="b"><a:normAutofit/></a:bodyPr><a:lstStyle/>',
    paragraphs: '<a:p><a:r><a:rPr lang="en"/><a:t>Title</a:t></a:r></a:p>',
  }),
  placeholderOf({
    id: 3,
    name: 'Text',
    mark: 'type="body" idx="1"',
    ...(SAMPLE.blocks[0] && { place: SAMPLE.blocks[0].place }),
    body: '<a:bodyPr vert="horz" lIns="0" tIns="0" rIns="0" bIns="0"><a:normAutofit/></a:bodyPr><a:lstStyle/>',
    paragraphs: '<a:p><a:r><a:rPr lang="en"/><a:t>Text</a:t></a:r></a:p>',
  }),
  placeholderOf({
    id: 4,
    name: 'Footer',
    mark: 'type="ftr" sz="quarter" idx="11"',
    place: FOOTER,
    body: SMALL,
    paragraphs: '<a:p><a:endParaRPr lang="en"/></a:p>',
  }),
  placeholderOf({
    id: 5,
    name: 'Number',
    mark: 'type="sldNum" sz="quarter" idx="12"',
    place: NUMBER,
    body: SMALL,
    paragraphs: numberField('‹#›'),
  }),
].join('');

/** The master, from which the layouts take what they do not say. */
export const MASTER_XML =
  `${XML_HEAD}<p:sldMaster ${NAMESPACES}><p:cSld><p:bg><p:bgPr>${colour('bg1')}<a:effectLst/></p:bgPr></p:bg>${shapeTree(shapes)}</p:cSld>` +
  `<p:clrMap ${COLOUR_MAP}/><p:sldLayoutIdLst>${LAYOUTS.map((_, index) => `<p:sldLayoutId id="${2_147_483_649 + index}" r:id="rId${index + 1}"/>`).join('')}</p:sldLayoutIdLst>` +
  `<p:txStyles><p:titleStyle>${TITLE_STYLE}</p:titleStyle><p:bodyStyle>${[1, 2, 3, 4, 5].map(bodyLevel).join('')}</p:bodyStyle>` +
  `<p:otherStyle>${[1, 2, 3, 4, 5].map(otherLevel).join('')}</p:otherStyle></p:txStyles></p:sldMaster>`;
