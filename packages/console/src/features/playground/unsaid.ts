import type { DialectName } from './code-of.ts';
import type { Parameters } from './parameters.ts';

/** Something that can be set, and what it is called. */
interface Wish {
  readonly isSet: (parameters: Parameters) => boolean;
  readonly words: string;
}

const STOP: Wish = { isSet: ({ stop }) => stop !== undefined, words: 'texts that end the answer' };
const SEED: Wish = { isSet: ({ seed }) => seed !== undefined, words: 'the seed' };
const FREQUENCY: Wish = {
  isSet: ({ frequencyPenalty }) => frequencyPenalty !== undefined,
  words: 'the frequency penalty',
};
const PRESENCE: Wish = { isSet: ({ presencePenalty }) => presencePenalty !== undefined, words: 'the presence penalty' };
const PARALLEL: Wish = { isSet: ({ parallelCalls }) => parallelCalls !== undefined, words: 'calls in parallel' };
const ANY_JSON: Wish = {
  isSet: ({ format }) => format !== undefined && format.schema === undefined,
  words: 'JSON of any shape (ask for it in words, or give a schema)',
};
const effort = (level: Parameters['effort'], instead: string): Wish => ({
  isSet: (parameters) => parameters.effort === level,
  words: `the effort ${level} (${instead} stands for it)`,
});

/** What each dialect has no word for. */
const UNSAID: Readonly<Record<DialectName, readonly Wish[]>> = {
  'openai-chat': [],
  'openai-responses': [STOP, SEED, FREQUENCY, PRESENCE],
  anthropic: [SEED, FREQUENCY, PRESENCE, ANY_JSON, effort('minimal', 'low')],
  gemini: [PARALLEL, effort('xhigh', 'HIGH')],
  'ai-sdk': [],
};

/** Which of the parameters that are set the dialect has no word for, in words. */
export const unsaidIn = (dialect: DialectName, parameters: Parameters): readonly string[] =>
  UNSAID[dialect].filter(({ isSet }) => isSet(parameters)).map(({ words }) => words);
