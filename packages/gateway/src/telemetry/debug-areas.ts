/** Whether an area, such as `dynamic-providers:registry`, is to be told of. */
export type AreaFilter = (area: string) => boolean;

/**
 * Reads patterns as the variable `DEBUG` has them: `*` stands for anything, `-` before one takes out what others let in.
 * `undefined` where nothing is wanted, so that nobody has to ask.
 */
export function areaFilter(patterns: readonly string[]): AreaFilter | undefined {
  const wanted = patterns.filter((each) => !each.startsWith('-')).map(patternOf);
  const unwanted = patterns.filter((each) => each.startsWith('-')).map((each) => patternOf(each.slice(1)));
  if (wanted.length === 0) return undefined;
  return (area) => wanted.some((each) => each.test(area)) && !unwanted.some((each) => each.test(area));
}

const patternOf = (text: string): RegExp => new RegExp(`^${text.split('*').map(escaped).join('.*?')}$`);

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
