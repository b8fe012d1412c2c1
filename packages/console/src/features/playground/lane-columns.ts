/** Models beside one another, at most. */
export const LANES_MAX = 4;

/** How many of them stand beside one another, by how much room the conversation has; the names stand as they are used. */
const COLUMNS = [
  '',
  '',
  '@2xl:grid-cols-2',
  '@2xl:grid-cols-2 @5xl:grid-cols-3',
  '@2xl:grid-cols-2 @6xl:grid-cols-4',
] as const;

/** Class names for so many models. */
export const columnsOf = (lanes: number): string => COLUMNS[Math.min(lanes, LANES_MAX)] ?? '';

/** Where there is room for one alone, the others are hidden; one chooses which above. */
export const hiddenUnless = (isShown: boolean): string => (isShown ? '' : 'hidden @2xl:block');
