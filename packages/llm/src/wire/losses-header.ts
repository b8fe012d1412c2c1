import type { Loss } from './codec.ts';

/** Longest `x-patchbay-losses` value, in characters; what does not fit is counted. */
const HEADER_CHARS_MAX = 4000;

/** `path;instead` for every loss, comma-separated; no header when nothing was lost. */
export function lossesHeader(losses: readonly Loss[]): Readonly<Record<string, string>> {
  if (losses.length === 0) return {};
  let value = '';
  for (const [index, { path, instead }] of losses.entries()) {
    const entry = `${index === 0 ? '' : ', '}${encodeURI(path)};${instead}`;
    if (value.length + entry.length > HEADER_CHARS_MAX) {
      value += `, and-${losses.length - index}-more`;
      break;
    }
    value += entry;
  }
  return { 'x-patchbay-losses': value };
}
