import { linesOf } from '../slide-text.ts';
import { COLOUR_MAP } from './master.ts';
import { paragraphsOf } from './paragraphs.ts';
import { NAMESPACES, placeholderOf, shapeTree, transformOf, XML_HEAD } from './xml.ts';

/** Size of a page of notes, in points: the page of a letter, upright. */
export const NOTES_PAGE = { widthPt: 540, heightPt: 720 };

const PICTURE = { leftPt: 54, topPt: 54, widthPt: 432, heightPt: 243 };
const TEXT = { leftPt: 54, topPt: 330, widthPt: 432, heightPt: 340 };

const slidePicture = (isMaster: boolean): string =>
  '<p:sp><p:nvSpPr><p:cNvPr id="2" name="Slide"/><p:cNvSpPr><a:spLocks noGrp="1" noRot="1" noChangeAspect="1"/></p:cNvSpPr><p:nvPr><p:ph type="sldImg"/></p:nvPr></p:nvSpPr>' +
  `<p:spPr>${isMaster ? `${transformOf(PICTURE)}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>` : ''}</p:spPr></p:sp>`;

/** What pages of notes take from: the slide above, the text below. */
export const NOTES_MASTER_XML = `${XML_HEAD}<p:notesMaster ${NAMESPACES}><p:cSld><p:bg><p:bgPr><a:solidFill><a:schemeClr val="bg1"/></a:solidFill><a:effectLst/></p:bgPr></p:bg>${shapeTree(
  slidePicture(true) +
    placeholderOf({
      id: 3,
      name: 'Notes',
      mark: 'type="body" sz="quarter" idx="1"',
      place: TEXT,
      body: '<a:bodyPr/><a:lstStyle/>',
      paragraphs: '<a:p><a:r><a:rPr lang="en"/><a:t>Notes</a:t></a:r></a:p>',
    }),
)}</p:cSld><p:clrMap ${COLOUR_MAP}/><p:notesStyle><a:lvl1pPr marL="0" algn="l"><a:defRPr sz="1200"/></a:lvl1pPr></p:notesStyle></p:notesMaster>`;

/** What the speaker says, as its file. */
export const notesXml = (notes: string, lang: string): string =>
  `${XML_HEAD}<p:notes ${NAMESPACES}><p:cSld>${shapeTree(
    slidePicture(false) +
      placeholderOf({
        id: 3,
        name: 'Notes',
        mark: 'type="body" sz="quarter" idx="1"',
        body: '<a:bodyPr/><a:lstStyle/>',
        paragraphs: paragraphsOf({ lines: linesOf(notes), isList: false }, { lang }),
      }),
  )}</p:cSld><p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:notes>`;
