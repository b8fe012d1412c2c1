import { NAMED_PROVIDERS } from './provider-settings.ts';
import { SETTINGS } from './schema.ts';

/** Shorter names are near too many variables of others: PATH is two letters from PORT, HOME from HOST. */
const NAME_CHARS_MIN = 10;
/** Shorter prefixes are near those of other vendors: EXA is two letters from XAI, GROK one from GROQ. */
const PREFIX_CHARS_MIN = 6;
const EDITS_MAX = 2;

/** Names of other programs and vendors that only look like ours. */
const OF_OTHERS =
  /^(?:DATABASE_URI|DECRYPTION_KEY|OPENAI_API_KEYS|(?:LLAMA|MISTRALAI|OPENAPI|TOGETHERAI)_(?:API_KEY|BASE_URL))$/;

const LONG_NAMES = Object.keys(SETTINGS).filter((name) => name.length >= NAME_CHARS_MIN);

/** True for the name of a variable that is certainly meant to be one of ours: at most two letters are wrong. */
export function isMisspelling(name: string): boolean {
  if (OF_OTHERS.test(name)) return false;
  const plain = name.replace(/_\d{1,6}$/, '');
  if (LONG_NAMES.some((each) => isWithin(name, each, EDITS_MAX))) return true;
  return NAMED_PROVIDERS.some(({ envPrefix }) => {
    if (envPrefix.length < PREFIX_CHARS_MIN && !name.startsWith(`${envPrefix}_`)) return false;
    return ['API_KEY', 'BASE_URL'].some((each) => isWithin(plain, `${envPrefix}_${each}`, EDITS_MAX));
  });
}

/** Whether at most `edits` letters added, left out or changed lead from one text to the other. */
function isWithin(a: string, b: string, edits: number): boolean {
  if (Math.abs(a.length - b.length) > edits) return false;
  let same = 0;
  while (same < a.length && a[same] === b[same]) same += 1;
  if (same === a.length && same === b.length) return true;
  if (edits === 0) return false;
  const [restA, restB] = [a.slice(same), b.slice(same)];
  return (
    isWithin(restA.slice(1), restB.slice(1), edits - 1) ||
    isWithin(restA.slice(1), restB, edits - 1) ||
    isWithin(restA, restB.slice(1), edits - 1)
  );
}
