const RATE_KEYS =
  'input output cacheRead cacheWrite cacheWrite1h reasoning thinkingOutput audioInput audioOutput request';
const PRICE_KEYS = new Set(`${RATE_KEYS} above changes from hours days`.split(' '));
const MODEL_KEYS = new Set(
  `name released status context inputLimit outputLimit input output can cannot efforts budget toggle aliases price`.split(
    ' ',
  ),
);
const WORDS: Readonly<Record<string, RegExp>> = {
  status: /^(alpha|beta|deprecated)$/,
  input: /^(text|image|audio|video|pdf)$/,
  output: /^(text|image|audio|video|pdf)$/,
  can: /^(tools|reasoning|structured|temperature)$/,
  cannot: /^(tools|reasoning|structured|temperature)$/,
  efforts: /^[a-z]+$/,
  released: /^\d{4}-\d{2}(-\d{2})?$/,
};
/** Above this, a billion tokens would cost more billionths of a dollar than a number holds exactly. */
const DEAREST_USD_PER_MILLION = 4000;
const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

/**
 * What is wrong with a catalogue that came from outside, as sentences that name the model; empty when it is sound. Only a
 * sound one may be given to `createCatalog`.
 */
export function catalogProblems(data: unknown): readonly string[] {
  if (!isObject(data) || !isObject(data['providers'])) return ['The catalogue has no member `providers`.'];
  if (!Array.isArray(data['sources'])) return ['The catalogue does not say its `sources`.'];
  return Object.entries(data['providers']).flatMap(([provider, models]) => {
    if (!isObject(models)) return [`${provider} is not an object of models.`];
    return Object.entries(models).flatMap(([id, row]) =>
      modelProblems(row).map((each) => `${provider}/${id}: ${each}`),
    );
  });
}

function modelProblems(row: unknown): readonly string[] {
  if (!isObject(row) || typeof row['name'] !== 'string') return ['has no name'];
  return Object.entries(row).flatMap(([key, value]) => {
    if (!MODEL_KEYS.has(key)) return [`knows no member ${key}`];
    return memberProblems(key, value).map((each) => `${key} ${each}`);
  });
}

function memberProblems(key: string, value: unknown): readonly string[] {
  const pattern = WORDS[key];
  if (pattern !== undefined)
    return isText(value) && value.split(' ').every((word) => pattern.test(word)) ? [] : [`is ${String(value)}`];
  switch (key) {
    case 'context':
    case 'inputLimit':
    case 'outputLimit':
      return Number.isSafeInteger(value) && Number(value) > 0 ? [] : ['is not a number of tokens'];
    case 'budget':
      return Array.isArray(value) && value.length === 2 && value.every(isBound) ? [] : ['is not a pair of bounds'];
    case 'aliases':
      return Array.isArray(value) && value.every(isText) ? [] : ['is not a list of names'];
    case 'toggle':
      return value === true ? [] : ['is not true'];
    case 'price':
      return value === 'free' ? [] : priceProblems(value, true);
    default:
      return isText(value) ? [] : ['is not a text'];
  }
}

function priceProblems(value: unknown, isWhole: boolean): readonly string[] {
  if (!isObject(value)) return ['is neither `free` nor an object of rates'];
  const missing = ['input', 'output'].filter((name) => isWhole && value[name] === undefined);
  return [
    ...missing.map((name) => `lacks ${name}`),
    ...Object.entries(value).flatMap(([key, each]) => ratePartProblems(key, each)),
  ];
}

function ratePartProblems(key: string, value: unknown): readonly string[] {
  if (!PRICE_KEYS.has(key)) return [`knows no rate ${key}`];
  if (key === 'above') return listProblems(value, tierProblems);
  if (key === 'changes') return listProblems(value, (each) => priceProblems(each, true));
  if (key === 'from') return isText(value) && !Number.isNaN(Date.parse(`${value}T00:00:00Z`)) ? [] : ['from is no day'];
  if (key === 'hours') return isPairOfTimes(value) ? [] : ['hours are not two times'];
  if (key === 'days') return Array.isArray(value) && value.every(isWeekday) ? [] : ['days are not numbers from 0 to 6'];
  return isRate(value)
    ? []
    : [`${key} is ${String(value)}, not a rate of at most six decimals up to ${DEAREST_USD_PER_MILLION}`];
}

const listProblems = (value: unknown, of: (each: unknown) => readonly string[]): readonly string[] =>
  Array.isArray(value) ? value.flatMap(of) : ['has a member that should be a list'];

function tierProblems(value: unknown): readonly string[] {
  if (!Array.isArray(value) || value.length !== 2 || !Number.isSafeInteger(value[0]))
    return ['has no bound of prompt size'];
  return priceProblems(value[1], false);
}

function isRate(value: unknown): boolean {
  if (typeof value !== 'number' || !(value >= 0 && value <= DEAREST_USD_PER_MILLION)) return false;
  return Math.round(value * 1e6) / 1e6 === value;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const isBound = (value: unknown): boolean => value === null || (Number.isSafeInteger(value) && Number(value) >= -1);
const isWeekday = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= 6;
const isPairOfTimes = (value: unknown): boolean =>
  Array.isArray(value) && value.length === 2 && value.every((each) => isText(each) && TIME.test(each));
