/**
 * Refreshes the model catalogue: `npm run models -- --models api.json --prices data.json` shows what would change,
 * `--write` writes packages/llm/src/catalog/models.json and docs/models.md. Sources are files or addresses.
 */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { curate } from './lib/curate-models.mjs';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const CATALOG = path.join(ROOT, 'packages/llm/src/catalog');
const MODELS_FILE = path.join(CATALOG, 'models.json');
const DOCS_FILE = path.join(ROOT, 'docs/models.md');
const FETCH_LIMIT_MS = 60_000;

const MODELS_URL = 'https://models.dev/api.json';
const PRICES_URL = 'https://raw.githubusercontent.com/pydantic/genai-prices/main/prices/new_data/v2/data.json';
const HELP = `Usage: npm run models -- [options]
  --models <file or address>  models.dev's api.json; default ${MODELS_URL}
  --models-date <YYYY-MM-DD>  the day it was made; default today
  --prices <file or address>  genai-prices' data.json; default ${PRICES_URL}
  --prices-date <YYYY-MM-DD>  the day it was made; default today
  --docs                      only write docs/models.md anew
  --write                     write what was shown
`;
const OPTIONS = {
  models: { type: 'string', default: MODELS_URL },
  'models-date': { type: 'string' },
  prices: { type: 'string', default: PRICES_URL },
  'prices-date': { type: 'string' },
  docs: { type: 'boolean', default: false },
  write: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
};

/** Shows, and with `--write` makes, the difference between the catalogue and its sources; resolves to the exit code. */
export async function main(args, today = new Date().toISOString().slice(0, 10)) {
  const { values } = parseArgs({ args, options: OPTIONS });
  if (values.help) return say(HELP);
  const present = JSON.parse(await readFile(MODELS_FILE, 'utf8'));
  if (values.docs) return write([[DOCS_FILE, docsPage(present)]]);
  return freshCatalogue(values, today).then(
    (fresh) => showAndWrite(present, fresh, values),
    (error) => {
      if (!(error instanceof Unusable)) throw error;
      process.stderr.write(`${error.message}\n`);
      return 1;
    },
  );
}

function showAndWrite(present, fresh, values) {
  say(difference(present.providers, fresh.providers));
  if (!values.write) return say('Nothing is written; --write does that.\n');
  return write([
    [MODELS_FILE, asText(fresh)],
    [DOCS_FILE, docsPage(fresh)],
  ]);
}

async function freshCatalogue(values, today) {
  const [dev, prices] = [await load(values.models), await load(values.prices)];
  const corrections = JSON.parse(await readFile(path.join(CATALOG, 'corrections.json'), 'utf8'));
  return {
    sources: [
      { name: 'models.dev', url: MODELS_URL, licence: 'MIT', date: values['models-date'] ?? today },
      { name: 'genai-prices', url: PRICES_URL, licence: 'MIT', date: values['prices-date'] ?? today },
    ],
    providers: curate({ dev, prices, corrections, asOf: today }),
  };
}

async function load(source) {
  try {
    if (!/^https?:/.test(source)) return JSON.parse(await readFile(source, 'utf8'));
    const response = await fetch(source, { signal: AbortSignal.timeout(FETCH_LIMIT_MS) });
    if (!response.ok) throw new Error(`it answered ${response.status}`);
    return await response.json();
  } catch (cause) {
    const why = cause.cause?.message ?? cause.message;
    throw new Unusable(`${source} cannot be used: ${why}. Download it and name the file; --help says how.`, { cause });
  }
}

/** A source that is not there or not readable. */
class Unusable extends Error {}

/** The catalogue as it is kept: one line a model, so that a change of one price is a change of one line. */
export function asText({ sources, providers }) {
  const sections = Object.entries(providers).map(([id, rows]) => {
    const lines = Object.entries(rows).map(([name, row]) => `      ${JSON.stringify(name)}: ${JSON.stringify(row)}`);
    return `    ${JSON.stringify(id)}: {\n${lines.join(',\n')}\n    }`;
  });
  const origins = sources.map((each) => `    ${JSON.stringify(each)}`);
  return `{\n  "sources": [\n${origins.join(',\n')}\n  ],\n  "providers": {\n${sections.join(',\n')}\n  }\n}\n`;
}

/** What changed between two catalogues, for a person: models added and removed, prices before and after. */
export function difference(before, after) {
  const lines = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort().flatMap((provider) => {
    const [old, now] = [before[provider] ?? {}, after[provider] ?? {}];
    return [...new Set([...Object.keys(old), ...Object.keys(now)])].sort().flatMap((model) => {
      const change = changeOf(old[model], now[model]);
      return change === undefined ? [] : [`${provider}/${model}: ${change}`];
    });
  });
  return lines.length === 0 ? 'No difference.\n' : `${lines.join('\n')}\n${lines.length} models differ.\n`;
}

function changeOf(old, now) {
  if (old === undefined) return `added, ${priceText(now)}`;
  if (now === undefined) return `removed, was ${priceText(old)}`;
  if (JSON.stringify(old.price) !== JSON.stringify(now.price)) return `${priceText(old)} -> ${priceText(now)}`;
  return JSON.stringify(old) === JSON.stringify(now) ? undefined : 'other facts changed';
}

const priceText = ({ price }) => (price === undefined ? 'price unknown' : JSON.stringify(price).replaceAll('"', ''));

/** The page docs/models.md: how many models of each provider are known, and of how many the price. */
export function docsPage({ sources, providers }) {
  const rows = Object.entries(providers).map(([id, models]) => {
    const states = Object.values(models).map(({ price }) => (price === undefined ? 2 : price === 'free' ? 1 : 0));
    const count = (state) => states.filter((each) => each === state).length;
    return [id, states.length, count(0), count(1), count(2)];
  });
  const total = ['**all**', ...[1, 2, 3, 4].map((column) => rows.reduce((sum, row) => sum + row[column], 0))];
  const table = [...rows, total].map((row) => `| ${row.join(' | ')} |`).join('\n');
  const origins = sources.map(({ name, url, licence, date }) => `- [${name}](${url}), ${licence}, ${date}`).join('\n');
  return `${DOCS_HEAD}\n${origins}\n\n${DOCS_PRICES}\n\n${DOCS_TABLE}\n${table}\n`;
}

const DOCS_HEAD = `# Models and prices

<!-- Written by \`npm run models -- --write\`; change scripts/sync-models.mjs instead. -->

Patchbay carries a catalogue of models: context window, bounds, modalities, abilities and prices. It is made from`;

const DOCS_PRICES = `and from the vendors' own pages where these are wrong or silent (\`packages/llm/src/catalog/corrections.json\`, each with
its page and date). It is part of the release; nothing is fetched while Patchbay runs. A model that is not listed works
all the same: \`provider/model\` goes to that provider whatever the name.

A price is in one of three states, and unknown is never counted as zero:

- **priced**: dollars per million tokens for input and output, and where they differ for cache reads, cache writes of five
  minutes and of an hour, reasoning and audio; with the dearer rates of long prompts, of later dates and of hours of the day.
- **free**: the provider says that it charges nothing.
- **unknown**: nobody we trust states a price per token. Budgets decide what to do about such a call.

Costs are computed exactly and rounded once, to a billionth of a dollar. Not in them: charges for searches, files and
tools on the provider's side, discounts of batch and flexible service, surcharges of priority service, and taxes. Cached
tokens without a rate of their own are charged as input, those of an hour as those of five minutes, audio as text; the
result says so. Images in an answer are not counted apart by every provider, so the whole answer of a model that draws is
charged as drawing. The fee of a request to Perplexity is the one of its largest search context.`;

const DOCS_TABLE = `| Provider | Models | Priced | Free | Unknown |
|---|---|---|---|---|`;

async function write(files) {
  for (const [file, text] of files) {
    await writeFile(file, text);
    say(`Wrote ${path.relative(ROOT, file)}, ${(text.length / 1000).toFixed(0)} kB.\n`);
  }
  return 0;
}

function say(text) {
  process.stdout.write(text);
  return 0;
}
