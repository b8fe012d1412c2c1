import { objectIn, schemaFault } from './tools/schema-fault.ts';

/** How much a model may think, in the words that most of them share. */
export const EFFORTS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh'] as const;
export type Effort = (typeof EFFORTS)[number];

/** Names of the settings that are numbers. */
export const NUMBERS = ['temperature', 'topP', 'maxTokens', 'seed', 'frequencyPenalty', 'presencePenalty'] as const;
export type NumberName = (typeof NUMBERS)[number];

/** What goes with every question, as it is written. What is empty is not sent, and left to the model. */
export interface Settings extends Readonly<Record<NumberName, string>> {
  readonly system: string;
  /** Texts that end an answer, one a line. */
  readonly stop: string;
  readonly effort: '' | Effort;
  readonly format: '' | 'json' | 'schema';
  /** JSON Schema of the answer, where `format` is `schema`. */
  readonly schema: string;
  readonly toolChoice: '' | 'auto' | 'required' | 'none';
  readonly parallelCalls: '' | 'yes' | 'no';
}

/** Nothing set: the model's own defaults. */
export const NO_SETTINGS: Settings = {
  system: '',
  temperature: '',
  topP: '',
  maxTokens: '',
  seed: '',
  frequencyPenalty: '',
  presencePenalty: '',
  stop: '',
  effort: '',
  format: '',
  schema: '',
  toolChoice: '',
  parallelCalls: '',
};

/** The settings that were written, as dialects want them. Absent ones are not sent. */
export interface Parameters extends Readonly<Partial<Record<NumberName, number>>> {
  readonly stop?: readonly string[];
  readonly effort?: Effort;
  readonly format?: { readonly schema?: object };
  readonly toolChoice?: 'auto' | 'required' | 'none';
  readonly parallelCalls?: boolean;
}

interface Range {
  readonly min: number;
  readonly max: number;
  readonly isWhole: boolean;
  /** Said of a number outside of it. */
  readonly fault: string;
}

const PENALTY: Range = { min: -2, max: 2, isWhole: false, fault: 'Write a number from -2 to 2, or nothing.' };
const WHOLE: Omit<Range, 'min' | 'fault'> = { max: Number.MAX_SAFE_INTEGER, isWhole: true };

const RANGES: Readonly<Record<NumberName, Range>> = {
  temperature: { min: 0, max: 2, isWhole: false, fault: 'Write a number from 0 to 2, or nothing.' },
  topP: { min: 0, max: 1, isWhole: false, fault: 'Write a number from 0 to 1, or nothing.' },
  maxTokens: { ...WHOLE, min: 1, fault: 'Write a whole number from 1 on, or nothing.' },
  seed: { ...WHOLE, min: Number.MIN_SAFE_INTEGER, fault: 'Write a whole number, or nothing.' },
  frequencyPenalty: PENALTY,
  presencePenalty: PENALTY,
};

/** What is wrong with the settings, by name: an empty one is right. */
export function faultsOf(settings: Settings): Readonly<Partial<Record<keyof Settings, string>>> {
  const numbers = NUMBERS.flatMap((name) => {
    const written = settings[name].trim();
    return written === '' || isWithin(RANGES[name], Number(written)) ? [] : [[name, RANGES[name].fault] as const];
  });
  const fault = settings.format === 'schema' ? schemaFault(settings.schema) : undefined;
  return { ...Object.fromEntries(numbers), ...(fault !== undefined && { schema: fault }) };
}

const isWithin = ({ min, max, isWhole }: Range, value: number): boolean =>
  Number.isFinite(value) && value >= min && value <= max && (!isWhole || Number.isSafeInteger(value));

/** What is sent of the settings; numbers that are none are left out. */
export function parametersOf(settings: Settings): Parameters {
  const { effort, format, toolChoice, parallelCalls } = settings;
  const faults = faultsOf(settings);
  const numbers = NUMBERS.filter((name) => settings[name].trim() !== '' && faults[name] === undefined);
  const stop = settings.stop.split('\n').filter((each) => each !== '');
  const schema = format === 'schema' ? objectIn(settings.schema) : undefined;
  return {
    ...Object.fromEntries(numbers.map((name) => [name, Number(settings[name])])),
    ...(stop.length > 0 && { stop }),
    ...(effort !== '' && { effort }),
    ...(format !== '' && { format: schema === undefined ? {} : { schema } }),
    ...(toolChoice !== '' && { toolChoice }),
    ...(parallelCalls !== '' && { parallelCalls: parallelCalls === 'yes' }),
  };
}

/** How many settings differ from the model's own, the system prompt included. */
export const countSet = (settings: Settings): number =>
  Object.entries(settings).filter(([name, value]) => name !== 'schema' && value.trim() !== '').length;
