import type { Choice } from '@patchbay/llm/credentials/pool';
import type { Rotation } from '@patchbay/llm/credentials/rotation';
import type { JsonObject } from '@patchbay/llm/model/json';

import { conversationKey } from './conversation-key.ts';
import { turnKey, type Counter } from './counter.ts';

/** Ways that the settings name: by `provider/model`, by provider, or for `*`: all others. The most exact name holds. */
export type RotationRules = ReadonlyMap<string, Rotation>;

/** What choices stand on. */
export interface ChooserParts {
  readonly counter: Counter;
  readonly rules: RotationRules;
  /** The way that an administrator chose for a provider; absent where nobody can. */
  readonly chosenFor?: (providerId: string) => Rotation | undefined;
  /** True where a prompt that the provider has seen before is cheaper, or not known yet. */
  readonly billsCachedPrompts: (providerId: string, model: string) => boolean;
}

/** A call as far as the choice of its account goes. */
export interface ChoosingFor {
  readonly providerId: string;
  readonly model: string;
  /** How many accounts there are to choose from. */
  readonly accounts: number;
  readonly bodyBytes: number;
  /** Absent where it has been let go of. */
  readonly json: JsonObject | undefined;
}

/** How an account is chosen, and why so. */
export interface ChosenWay {
  readonly rotation: Rotation;
  readonly why: string;
}

/** What the settings say of one name. */
export interface SettledWay {
  readonly name: string;
  readonly rotation: Rotation;
}

/** What the settings say of a provider. */
export interface SettledWays {
  /** For all of its models, by its own name or as one of all others; absent where nothing is said. */
  readonly whole: SettledWay | undefined;
  /** For single models, by their names. */
  readonly models: readonly SettledWay[];
}

/** Chooses how the account of a call is chosen. */
export interface AccountChooser {
  /** The way for a call, without counting. */
  way(asked: Omit<ChoosingFor, 'json'>): ChosenWay;
  /** The way with its turn; at once where turns are counted in this process. */
  choose(asked: ChoosingFor): Choice | Promise<Choice>;
  /** What `choose` would say to the next call, which is not counted by that. */
  foresee(asked: ChoosingFor): Promise<Choice>;
  /** What the settings say of a provider, whatever else is said. */
  settled(providerId: string): SettledWays;
}

/** Providers keep no prompt that is shorter than 1,024 tokens of about four bytes. */
const CACHED_FROM_BYTES = 4096;

/** Makes a chooser. */
export function createChooser(parts: ChooserParts): AccountChooser {
  const way: AccountChooser['way'] = (asked) => wayFor(parts, asked);
  const choiceOf = (asked: ChoosingFor, turn: number): Choice => {
    const { model, json } = asked;
    const { rotation } = way(asked);
    const key = rotation === 'affinity' && json !== undefined ? conversationKey(json) : undefined;
    return key === undefined ? { model, rotation, turn } : { model, rotation, turn, key };
  };
  return {
    way,
    choose(asked) {
      const turn = parts.counter.next(turnKey(asked.providerId, asked.model));
      return typeof turn === 'number' ? choiceOf(asked, turn) : turn.then((counted) => choiceOf(asked, counted));
    },
    async foresee(asked) {
      const before = await parts.counter.peek(turnKey(asked.providerId, asked.model));
      return choiceOf(asked, before + 1);
    },
    settled: (providerId) => ({
      whole: settledWay(parts.rules, [providerId, '*']),
      models: [...parts.rules].flatMap(([name, rotation]) =>
        name.startsWith(`${providerId}/`) ? [{ name: name.slice(providerId.length + 1), rotation }] : [],
      ),
    }),
  };
}

function wayFor(
  { rules, chosenFor, billsCachedPrompts }: ChooserParts,
  { providerId, model, accounts, bodyBytes }: Omit<ChoosingFor, 'json'>,
): ChosenWay {
  const ofModel = settledWay(rules, [`${providerId}/${model}`]);
  if (ofModel !== undefined) return saidBySettings(ofModel);
  const chosen = chosenFor?.(providerId);
  if (chosen !== undefined) return { rotation: chosen, why: `An administrator chose so for ${providerId}.` };
  const ofProvider = settledWay(rules, [providerId, '*']);
  if (ofProvider !== undefined) return saidBySettings(ofProvider);
  if (accounts > 1 && bodyBytes >= CACHED_FROM_BYTES && billsCachedPrompts(providerId, model))
    return { rotation: 'affinity', why: 'A prompt that the provider has seen before is cheaper.' };
  return { rotation: 'round-robin', why: 'Nothing else is asked for, and nothing speaks for another way.' };
}

/** The first of these names for which the settings say anything. */
function settledWay(rules: RotationRules, names: readonly string[]): SettledWay | undefined {
  for (const name of names) {
    const rotation = rules.get(name);
    if (rotation !== undefined) return { name, rotation };
  }
  return undefined;
}

const saidBySettings = ({ name, rotation }: SettledWay): ChosenWay => ({
  rotation,
  why: `The settings say so for ${name}.`,
});
