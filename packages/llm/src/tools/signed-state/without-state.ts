import type { Part } from '../../model/part.ts';
import type { FoundTurn } from './find-turns.ts';
import type { SignedTurn } from './signed-turn.ts';

/** The answers that a found one may be. */
const turnsOf = ({ known }: FoundTurn): readonly SignedTurn[] =>
  'turn' in known ? [known.turn] : [...known.calls.values()].map(({ turn }) => turn);

/** What the issuer of a found answer wrote into its thoughts for nobody but itself. */
export const writtenIn = (found: FoundTurn): ReadonlySet<string> =>
  new Set(
    turnsOf(found).flatMap(({ slots }) =>
      slots.flatMap((slot) =>
        slot.kind === 'thought' ? [slot.part.signature, slot.part.redacted].filter((each) => each !== undefined) : [],
      ),
    ),
  );

/** Content without thoughts that only their issuer can verify: their words stay; the same list where there are none. */
export function withoutState(content: readonly Part[], written: ReadonlySet<string>): readonly Part[] {
  const kept = content.flatMap((part): readonly Part[] => {
    if (part.type !== 'reasoning') return [part];
    const { signature, redacted, text, cacheControl } = part;
    if (!written.has(signature ?? '') && !written.has(redacted ?? '')) return [part];
    return text === '' ? [] : [{ type: 'reasoning', text, ...(cacheControl !== undefined && { cacheControl }) }];
  });
  return kept.length === content.length && kept.every((part, at) => part === content[at]) ? content : kept;
}
