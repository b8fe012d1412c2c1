/** Prices of genai-prices (https://github.com/pydantic/genai-prices, MIT), in dollars per million tokens. */

const RATES = [
  ['input', 'input_mtok'],
  ['output', 'output_mtok'],
  ['cacheRead', 'cache_read_mtok'],
  ['cacheWrite', 'cache_write_mtok'],
  ['cacheWrite1h', 'cache_write_1h_mtok'],
  ['reasoning', 'output_reasoning_mtok'],
  ['audioInput', 'input_audio_mtok'],
  ['audioOutput', 'output_audio_mtok'],
];

const TESTS = {
  equals: (name, wanted) => name === wanted,
  starts_with: (name, wanted) => name.startsWith(wanted),
  ends_with: (name, wanted) => name.endsWith(wanted),
  contains: (name, wanted) => name.includes(wanted),
  regex: (name, wanted) => new RegExp(wanted).test(name),
};

/** Whether an entry's condition holds for a model name; letter case does not matter. */
export function matches(condition, name) {
  const [kind, value] = Object.entries(condition)[0];
  if (kind === 'or') return value.some((each) => matches(each, name));
  if (kind === 'and') return value.every((each) => matches(each, name));
  return TESTS[kind](name.toLowerCase(), value.toLowerCase());
}

/** Other names of an entry, without those that are models of their own, and those a rule on dates finds anyway. */
export function namesOf({ id, match }, known) {
  const names = literals(match).map((name) => name.replace(/-+$/, ''));
  const own = id.replace(/-+$/, '');
  const useful = names.filter(
    (name) => name !== own && !/[/:@]/.test(name) && !/-20\d\d$/.test(name) && !known.has(name.toLowerCase()),
  );
  return [...new Set(useful.filter((name) => undated(name) !== undated(own)))].sort((a, b) => (a < b ? -1 : 1));
}

const undated = (name) => name.replace(/-(\d{4}-\d{2}-\d{2}|20\d{6}|latest)$/, '');

function literals(condition) {
  const [kind, value] = Object.entries(condition)[0];
  if (kind === 'or') return value.flatMap(literals);
  return kind === 'equals' || kind === 'starts_with' ? [value] : [];
}

/** The rates in force on the day `asOf`, outside of any daily window. */
export function currentRates(entry, asOf) {
  return ratesOf(inForce(entry, asOf));
}

/** Rates above a prompt size (`above`) and rates of later days or of hours of the day (`changes`). */
export function changesOf(entry, asOf) {
  const changes = periodsOf(entry)
    .filter(({ constraint }) => constraint?.type === 'time_of_date' || constraint?.start_date > asOf)
    .map(({ constraint, prices }) => {
      const tiers = tiersOf(prices);
      return { ...whenOf(constraint), ...ratesOf(prices), ...(tiers && { above: tiers }) };
    });
  return { above: tiersOf(inForce(entry, asOf)), changes: changes.length > 0 ? changes : undefined };
}

const periodsOf = ({ prices }) => (Array.isArray(prices) ? prices : [{ prices }]);

function inForce(entry, asOf) {
  const past = ({ constraint }) => constraint === undefined || constraint.start_date <= asOf;
  return periodsOf(entry).findLast(past).prices;
}

const whenOf = ({ type, start_date: from, start_time: start, end_time: end }) =>
  type === 'time_of_date' ? { hours: [start.slice(0, 5), end.slice(0, 5)] } : { from };

function ratesOf(prices) {
  const stated = RATES.filter(([, theirs]) => prices[theirs] !== undefined);
  const rates = Object.fromEntries(stated.map(([ours, theirs]) => [ours, round(baseOf(prices[theirs]))]));
  // Usage does not say which tokens were an image, so an answer that may hold one is priced as if it were one.
  if (prices.output_image_mtok > (rates.output ?? 0)) rates.output = prices.output_image_mtok;
  return prices.requests_kcount === undefined ? rates : { ...rates, request: round(prices.requests_kcount / 1000) };
}

const baseOf = (value) => (typeof value === 'number' ? value : value.base);

function tiersOf(prices) {
  const stated = RATES.filter(([, theirs]) => Array.isArray(prices[theirs]?.tiers));
  const starts = [...new Set(stated.flatMap(([, theirs]) => prices[theirs].tiers.map(({ start }) => start)))];
  if (starts.length === 0) return undefined;
  return starts.sort((a, b) => a - b).map((start) => [start, ratesFrom(prices, stated, start)]);
}

function ratesFrom(prices, stated, start) {
  const at = ({ tiers, base }) => tiers.findLast((each) => each.start <= start)?.price ?? base;
  return Object.fromEntries(stated.map(([ours, theirs]) => [ours, round(at(prices[theirs]))]));
}

const round = (value) => Math.round(value * 1e6) / 1e6;
