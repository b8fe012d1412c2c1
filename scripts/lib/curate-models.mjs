/**
 * Makes the rows of packages/llm/src/catalog/models.json out of two public catalogues. models.dev says which models a
 * provider serves, what they can and what they cost; genai-prices adds what it lacks: one-hour cache writes, prices that
 * change at a date or an hour, and models that models.dev no longer lists.
 */
import { changesOf, currentRates, matches, namesOf } from './read-genai-prices.mjs';
import { devPrice, plausible } from './read-models-dev.mjs';

/**
 * Our provider ids and theirs. `alone`: models that only genai-prices knows are taken too, which is for vendors; hosts
 * drop models too often for that. `thinkingOutput`: its reasoning price is that of a whole answer that was thought over.
 */
export const ORIGINS = {
  anthropic: { dev: 'anthropic', prices: 'anthropic', alone: true },
  azure: { dev: 'azure', prices: 'azure' },
  bedrock: { dev: 'amazon-bedrock', prices: 'aws' },
  cerebras: { dev: 'cerebras', prices: 'cerebras', alone: true },
  cohere: { dev: 'cohere', prices: 'cohere', alone: true },
  deepseek: { dev: 'deepseek', prices: 'deepseek' },
  fireworks: { dev: 'fireworks-ai', prices: 'fireworks', alone: true },
  gemini: { dev: 'google', prices: 'google', alone: true, ignore: /^claude|-maas$/ },
  groq: { dev: 'groq', prices: 'groq', alone: true },
  mistral: { dev: 'mistral', prices: 'mistral', alone: true, ignore: /:free$/ },
  moonshot: { dev: 'moonshotai', prices: 'moonshotai', alone: true },
  openai: { dev: 'openai', prices: 'openai', alone: true, ignore: /^(ada|babbage|curie|davinci|text-davinci)|\.ft-/ },
  openrouter: { dev: 'openrouter', prices: 'openrouter' },
  perplexity: { dev: 'perplexity', prices: 'perplexity', alone: true },
  qwen: { dev: 'alibaba', thinkingOutput: true },
  together: { dev: 'togetherai', prices: 'together' },
  vertex: { dev: 'google-vertex', prices: 'google' },
  xai: { dev: 'xai', prices: 'x-ai', alone: true },
  zai: { dev: 'zai', prices: 'zai' },
};

/** All rows by provider and name, sorted. `asOf` (YYYY-MM-DD) decides which dated prices are past. */
export function curate({ dev, prices, corrections, asOf }) {
  const providers = {};
  for (const [id, origin] of Object.entries(ORIGINS)) {
    const listed = Object.values(dev[origin.dev]?.models ?? {});
    const priced = prices.find((each) => each.id === origin.prices)?.models ?? [];
    if (listed.length === 0 && priced.length === 0) throw new Error(`Neither source knows the provider ${id}.`);
    providers[id] = sorted(Object.fromEntries(rowsOf(id, origin, { listed, priced, asOf })));
  }
  correct(providers, corrections);
  return providers;
}

function rowsOf(provider, origin, { listed, priced, asOf }) {
  const known = new Set(listed.map(({ id }) => id.toLowerCase()));
  const rows = listed.map((model) => {
    const entry = sameId(priced, model.id) ?? priced.find((each) => matches(each.match, model.id));
    return [model.id, withPrice(factsOfDev(model), provider, { model, entry, asOf, origin, known })];
  });
  const alone = origin.alone ? priced.filter((each) => isAlone(each, listed, origin)) : [];
  return withFactsOfBase([...rows, ...alone.map((entry) => rowOfPrices(provider, entry, { asOf, known }))]);
}

/** A fine-tuned model can what its base can, at its own price. */
function withFactsOfBase(rows) {
  const byId = new Map(rows);
  return rows.map(([id, row]) => {
    const base = id.startsWith('ft:') ? byId.get(id.slice('ft:'.length)) : undefined;
    if (base === undefined) return [id, row];
    const { aliases: _aliases, price: _price, released: _released, ...facts } = base;
    return [id, { ...facts, name: `${base.name}, fine-tuned`, ...(row.price && { price: row.price }) }];
  });
}

const sameId = (entries, id) => entries.find((each) => each.id.toLowerCase() === id.toLowerCase());

function isAlone(entry, listed, { ignore }) {
  if (entry.deprecated || ignore?.test(entry.id)) return false;
  return !listed.some(({ id }) => id.toLowerCase() === entry.id.toLowerCase() || matches(entry.match, id));
}

function withPrice(facts, provider, { model, entry, asOf, origin, known }) {
  const own = devPrice(model, origin);
  const other = entry && currentRates(entry, asOf);
  // Only a source that agrees on the two prices that matter speaks of the same model at the same time.
  const agree = own && other && other.input === own.input && other.output === own.output;
  const isSame = entry && sameId([entry], model.id) !== undefined;
  const { above, changes } = agree || (isSame && !own) ? changesOf(entry, asOf) : {};
  const rates = own ? { ...(agree && other), ...own } : isSame ? other : undefined;
  const price = priceOf(model, { ...rates, above: above ?? own?.above }, { provider, changes });
  return clean({ ...facts, aliases: agree && isSame ? namesOf(entry, known) : [], price });
}

function rowOfPrices(provider, entry, { asOf, known }) {
  const id = entry.id.replace(/-+$/, '');
  const { above, changes } = changesOf(entry, asOf);
  const price = priceOf({ id }, { ...currentRates(entry, asOf), above }, { provider, changes });
  const facts = { name: entry.name ?? id, context: entry.context_window };
  return [id, clean({ ...facts, aliases: namesOf(entry, known), price })];
}

function priceOf(model, rates, { provider, changes }) {
  const price = plausible(model, rates, provider);
  return typeof price === 'object' ? clean({ ...withOneHourWrites(model.id, price), changes }) : price;
}

function factsOfDev(model) {
  const { modalities, limit } = model;
  const isEmbedding = /embed/i.test(model.id);
  return {
    name: model.name,
    released: model.release_date,
    status: model.status,
    context: limit.context,
    inputLimit: limit.input,
    // For embeddings models.dev gives the number of dimensions there.
    outputLimit: isEmbedding ? undefined : limit.output,
    input: modalities.input.join(' '),
    output: modalities.output.join(' '),
    ...abilities(model),
    ...thinking(model.reasoning_options ?? []),
  };
}

const ABILITIES = [
  ['tools', 'tool_call'],
  ['reasoning', 'reasoning'],
  ['structured', 'structured_output'],
  ['temperature', 'temperature'],
];

function abilities(model) {
  const having = (value) => ABILITIES.filter(([, key]) => model[key] === value).map(([word]) => word);
  return { can: having(true).join(' '), cannot: having(false).join(' ') };
}

function thinking(options) {
  const budget = options.find(({ type }) => type === 'budget_tokens');
  return {
    efforts: (options.find(({ type }) => type === 'effort')?.values ?? []).map((each) => each ?? 'none').join(' '),
    budget: budget && [budget.min ?? null, budget.max ?? null],
    toggle: options.some(({ type }) => type === 'toggle') || undefined,
  };
}

/** https://platform.claude.com/docs/en/build-with-claude/prompt-caching#pricing: 1.25 times input, twice for an hour. */
function withOneHourWrites(id, { above, ...rates }) {
  if (!/claude/i.test(id)) return { ...rates, above };
  const complete = (each) =>
    each.cacheWrite === round(each.input * 1.25) ? { ...each, cacheWrite1h: round(each.input * 2) } : each;
  return { ...complete(rates), above: above?.map(([tokens, each]) => [tokens, complete(each)]) };
}

const round = (value) => Math.round(value * 1e6) / 1e6;

function correct(providers, corrections) {
  for (const { provider, models, ...facts } of corrections) {
    for (const id of models) {
      const row = providers[provider]?.[id];
      if (row === undefined) throw new Error(`corrections.json: ${provider} has no model ${id}; drop the correction.`);
      const { source: _source, checked: _checked, why: _why, ...set } = facts;
      providers[provider][id] = clean({ ...row, ...set });
    }
  }
}

/** Without members that say nothing: undefined, null, empty text, empty lists, limits of 0. */
function clean(row) {
  return Object.fromEntries(Object.entries(row).filter(([key, value]) => says(key, value)));
}

function says(key, value) {
  if (value === undefined || value === null || value === '') return false;
  if (Array.isArray(value) && value.length === 0) return false;
  return !(value === 0 && ['context', 'inputLimit', 'outputLimit'].includes(key));
}

function sorted(rows) {
  return Object.fromEntries(Object.entries(rows).sort(([a], [b]) => (a < b ? -1 : 1)));
}
