import type { Deck, DeckSlide } from '../deck.ts';
import { placeSlide, type Place } from '../place-slide.ts';
import type { Picture } from '../read-picture.ts';
import { oneLine } from '../slide-text.ts';
import { footStyle, numberField } from './master.ts';
import { paragraphsOf } from './paragraphs.ts';
import { escapeXml, NAMESPACES, placeholderOf, shapeTree, transformOf, XML_HEAD } from './xml.ts';

const BODY = '<a:bodyPr><a:normAutofit/></a:bodyPr><a:lstStyle/>';
const PLAIN = '<a:bodyPr/><a:lstStyle/>';

/** A slide as its file; `pictureId` is the relation to its picture. */
export function slideXml(
  { lang, title: deckTitle }: Deck,
  slide: DeckSlide,
  number: number,
  pictureId: string,
): string {
  const { title, blocks, picture, template } = placeSlide(slide);
  const shapes = [
    placeholderOf({
      id: 2,
      name: 'Title',
      mark: 'type="title"',
      ...(picture && { place: title.place }),
      body: BODY,
      paragraphs: paragraphsOf(title, { lang, sizePt: title.sizePt }),
    }),
    ...blocks.map((block, index) =>
      placeholderOf({
        id: 3 + index,
        name: `Text ${index + 1}`,
        mark: `type="body" idx="${index + 1}"`,
        place: block.place,
        body: BODY,
        paragraphs: paragraphsOf(block, { lang, sizePt: block.sizePt }),
      }),
    ),
    slide.picture && picture ? pictureOf(slide.picture, picture, oneLine(slide.title), pictureId) : '',
    template === 'sectionHeader' ? '' : furniture(deckTitle, lang, number),
  ].join('');
  return (
    `${XML_HEAD}<p:sld ${NAMESPACES}><p:cSld>${shapeTree(shapes)}</p:cSld>` +
    '<p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:sld>'
  );
}

const furniture = (deckTitle: string, lang: string, number: number): string =>
  placeholderOf({
    id: 8,
    name: 'Footer',
    mark: 'type="ftr" sz="quarter" idx="11"',
    body: PLAIN,
    paragraphs: `<a:p><a:pPr algn="l"/><a:r>${footStyle(escapeXml(lang))}<a:t>${escapeXml(oneLine(deckTitle))}</a:t></a:r></a:p>`,
  }) +
  placeholderOf({
    id: 9,
    name: 'Number',
    mark: 'type="sldNum" sz="quarter" idx="12"',
    body: PLAIN,
    paragraphs: numberField(String(number)),
  });

const CROP_WHOLE = 100_000;

/** A picture that fills its place; what does not fit is cut off on both sides alike. */
function pictureOf(picture: Picture, place: Place, description: string, id: string): string {
  const excess = picture.widthPx / picture.heightPx / (place.widthPt / place.heightPt);
  const cut = (share: number): number => Math.max(0, Math.round(((1 - share) / 2) * CROP_WHOLE));
  const [side, top] = excess > 1 ? [cut(1 / excess), 0] : [0, cut(excess)];
  const shape = place.leftPt + place.widthPt >= 960 ? 'rect' : 'roundRect';
  const corner = shape === 'rect' ? '' : '<a:gd name="adj" fmla="val 3000"/>';
  return (
    `<p:pic><p:nvPicPr><p:cNvPr id="10" name="Picture" descr="${escapeXml(description)}"/><p:cNvPicPr><a:picLocks noChangeAspect="1"/></p:cNvPicPr><p:nvPr/></p:nvPicPr>` +
    `<p:blipFill><a:blip r:embed="${id}"/><a:srcRect l="${side}" t="${top}" r="${side}" b="${top}"/><a:stretch><a:fillRect/></a:stretch></p:blipFill>` +
    `<p:spPr>${transformOf(place)}<a:prstGeom prst="${shape}"><a:avLst>${corner}</a:avLst></a:prstGeom></p:spPr></p:pic>`
  );
}
