import type { DeckSlide } from './deck.ts';
import { BODY_SIZES_PT, fitText, HEADER_SIZES_PT, SUBTITLE_SIZES_PT, TITLE_SIZES_PT, type Room } from './fit-text.ts';
import { blocksOf, oneLine, type TextBlock } from './slide-text.ts';

/** A place on a slide in points; slides are 960 wide and 540 high. */
export interface Place extends Room {
  readonly leftPt: number;
  readonly topPt: number;
}

/** A text where it stands, as large as it has room. */
export interface PlacedBlock extends TextBlock {
  readonly place: Place;
  readonly sizePt: number;
}

/** Where everything on a slide stands. */
export interface PlacedSlide {
  readonly template: DeckSlide['template'];
  readonly title: PlacedBlock;
  readonly blocks: readonly PlacedBlock[];
  /** Absent where there is no picture. */
  readonly picture: Place | undefined;
}

/** Size of a slide, in points. */
export const SLIDE: Room = { widthPt: 960, heightPt: 540 };

const MARGIN = 60;
const WIDTH = SLIDE.widthPt - 2 * MARGIN;
const GAP = 36;
const PICTURE_WIDTH = 330;
const TITLE: Place = { leftPt: MARGIN, topPt: 34, widthPt: WIDTH, heightPt: 72 };
const BODY_TOP = 136;
const BODY_HEIGHT = 346;

/** Finds the places. A slide whose content has one part has one text, whatever its template says. */
export function placeSlide(slide: DeckSlide): PlacedSlide {
  const { template, picture } = slide;
  const isHeader = template === 'sectionHeader';
  const title = { lines: [oneLine(slide.title)], isList: false };
  const titlePlace = isHeader ? headerTitle(picture !== undefined) : TITLE;
  const blocks = blocksOf(slide);
  const places = isHeader ? headerTexts(blocks.length, titlePlace) : columns(blocks.length, picture !== undefined);
  return {
    template,
    title: placed(title, titlePlace, isHeader ? HEADER_SIZES_PT : TITLE_SIZES_PT),
    blocks: blocks.map((block, index) =>
      placed(block, places[index] ?? TITLE, isHeader ? SUBTITLE_SIZES_PT : BODY_SIZES_PT),
    ),
    picture: picture && (isHeader ? HEADER_PICTURE : BODY_PICTURE),
  };
}

const placed = (block: TextBlock, place: Place, sizes: readonly number[]): PlacedBlock => ({
  ...block,
  place,
  sizePt: fitText(block, place, sizes),
});

const HEADER_PICTURE: Place = { leftPt: 560, topPt: 0, widthPt: 400, heightPt: SLIDE.heightPt };
const BODY_PICTURE: Place = {
  leftPt: SLIDE.widthPt - MARGIN - PICTURE_WIDTH,
  topPt: BODY_TOP,
  widthPt: PICTURE_WIDTH,
  heightPt: BODY_HEIGHT,
};

const headerTitle = (hasPicture: boolean): Place => ({
  leftPt: MARGIN + 24,
  topPt: 130,
  widthPt: hasPicture ? 440 : WIDTH - 48,
  heightPt: 150,
});

const headerTexts = (count: number, { leftPt, widthPt }: Place): readonly Place[] =>
  sideBySide(count, { leftPt, widthPt, topPt: 306, heightPt: 160 });

const columns = (count: number, hasPicture: boolean): readonly Place[] =>
  sideBySide(count, {
    leftPt: MARGIN,
    topPt: BODY_TOP,
    widthPt: hasPicture ? WIDTH - PICTURE_WIDTH - GAP : WIDTH,
    heightPt: BODY_HEIGHT,
  });

function sideBySide(count: number, whole: Place): readonly Place[] {
  const widthPt = (whole.widthPt - (count - 1) * GAP) / count;
  return Array.from({ length: count }, (_, index) => ({
    ...whole,
    leftPt: whole.leftPt + index * (widthPt + GAP),
    widthPt,
  }));
}
