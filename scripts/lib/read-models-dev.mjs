/** Prices of models.dev (https://models.dev/api.json, MIT), in dollars per million tokens. */

const RATES = [
  ['input', 'input'],
  ['output', 'output'],
  ['cacheRead', 'cache_read'],
  ['cacheWrite', 'cache_write'],
  ['reasoning', 'reasoning'],
  ['audioInput', 'input_audio'],
  ['audioOutput', 'output_audio'],
];

/** The rates of one model as models.dev states them, or `undefined` where it states none. */
export function devPrice({ cost }, { thinkingOutput }) {
  if (cost === undefined) return undefined;
  const rates = { ...ratesOf(cost), above: cost.tiers?.map((tier) => [tier.tier.size, ratesOf(tier)]) };
  if (!thinkingOutput || rates.reasoning === undefined) return rates;
  const { reasoning, ...others } = rates;
  return { ...others, thinkingOutput: reasoning };
}

function ratesOf(cost) {
  const stated = RATES.filter(([, theirs]) => cost[theirs] > 0 || (theirs === 'output' && cost[theirs] === 0));
  return Object.fromEntries(stated.map(([ours, theirs]) => [ours, round(cost[theirs])]));
}

/** Names that are free by the host's own rule: https://openrouter.ai/docs/guides/routing/model-variants/free */
const isFreeByName = (provider, id) => provider === 'openrouter' && id.endsWith(':free');

/**
 * The price without what cannot be one, `'free'`, or `undefined` for unknown. A zero is a gap in the catalogue, not a
 * gift: what is free stands in corrections.json or follows from the name.
 */
export function plausible({ id, modalities }, rates, provider) {
  if (isFreeByName(provider, id)) return 'free';
  if (!(rates.input > 0)) return undefined;
  const hasOutput = !/embed|rerank/i.test(id) && modalities?.output.length !== 0;
  if (hasOutput && !(rates.output > 0)) return undefined;
  const { above, ...base } = rates;
  const checked = plausibleRates({ ...base, output: rates.output ?? 0 });
  return { ...checked, ...(above?.length && { above: above.map(([tokens, each]) => [tokens, plausibleRates(each)]) }) };
}

function plausibleRates(rates) {
  const { input, output } = rates;
  const kept = Object.entries(rates).filter(([name, value]) => {
    if (name === 'input' || name === 'output') return true;
    if (!(value > 0)) return false;
    if (name === 'cacheRead') return value <= input;
    // OpenRouter states for Gemini what an hour of storage costs, which is not the price of a write.
    if (name === 'cacheWrite' || name === 'cacheWrite1h') return value >= input;
    return !((name === 'reasoning' || name === 'thinkingOutput') && value === output);
  });
  return Object.fromEntries(kept);
}

const round = (value) => Math.round(value * 1e6) / 1e6;
