import type { CatalogData, ModelData } from './catalog-data.ts';
import { comparable, isFreeByName, makersOf, undated, withoutVariant } from './match-names.ts';
import type { Capabilities, Modality, ModelRecord, ThinkingControls } from './model-record.ts';
import { priceAt, type Price } from './price.ts';

/**
 * How a name was understood. `exact`: it is listed. `alias`: it is another name of a listed model. `dated`: it differs
 * by a date, a version or `latest`. `variant`: a listed model routed or tuned in another way. `maker`: the provider does
 * not list it, its maker does. The facts hold in all five, the price only in the first three.
 */
export type NameMatch = 'exact' | 'alias' | 'dated' | 'variant' | 'maker';

/** A model that was found, and how. */
export interface FoundModel {
  readonly model: ModelRecord;
  readonly match: NameMatch;
}

/** What is known of models. Names are compared without regard to letter case. */
export interface Catalog {
  /** Where the data comes from, and of which day (`YYYY-MM-DD`) it is. */
  readonly sources: CatalogData['sources'];
  /** Ids of the providers whose models are listed, in alphabetical order. */
  readonly providers: readonly string[];
  /** All models listed for a provider, by name; none for a provider that is not known. */
  modelsOf(provider: string): readonly ModelRecord[];
  /** The model that `name` means at `provider`, or `undefined` when nothing is known of it. */
  findModel(provider: string, name: string): FoundModel | undefined;
  /** What `name` costs at `provider` at `atMs` (milliseconds since 1970). */
  priceOf(provider: string, name: string, atMs: number): Price;
}

interface Entry {
  readonly model: ModelRecord;
  readonly price: ModelData['price'];
  readonly aliases: readonly string[];
}
interface Hit {
  readonly entry: Entry;
  readonly match: NameMatch;
}
type Index = ReadonlyMap<string, Hit>;

const PRICE_HOLDS: ReadonlySet<NameMatch> = new Set(['exact', 'alias', 'dated']);

/**
 * A catalogue over `data`, which must be sound (see `catalogProblems`). A provider's models are read when they are first
 * asked for.
 */
export function createCatalog(data: CatalogData): Catalog {
  const entries = memoized((provider) =>
    Object.entries(Object.hasOwn(data.providers, provider) ? (data.providers[provider] ?? {}) : {}).map(([id, row]) =>
      entryOf(provider, id, row),
    ),
  );
  const indexes = memoized((provider) => indexOf(provider, entries(provider)));
  const find = (provider: string, name: string): Hit | undefined =>
    findHit(indexes, provider, comparable(provider, name));
  return {
    sources: data.sources,
    providers: Object.keys(data.providers).sort(),
    modelsOf: (provider) => entries(provider).map(({ model }) => model),
    findModel(provider, name) {
      const hit = find(provider, name);
      return hit && { model: hit.entry.model, match: hit.match };
    },
    priceOf(provider, name, atMs) {
      if (isFreeByName(provider, comparable(provider, name))) return { state: 'free' };
      const hit = find(provider, name);
      return priceAt(hit && PRICE_HOLDS.has(hit.match) ? hit.entry.price : undefined, atMs);
    },
  };
}

function memoized<Value>(compute: (provider: string) => Value): (provider: string) => Value {
  const known = new Map<string, Value>();
  return (provider) => {
    const value = known.get(provider) ?? compute(provider);
    known.set(provider, value);
    return value;
  };
}

function findHit(indexes: (provider: string) => Index, provider: string, name: string): Hit | undefined {
  const listed = lookUp(indexes(provider), provider, name);
  if (listed !== undefined) return listed;
  const plain = withoutVariant(provider, name);
  const variant = plain === undefined ? undefined : lookUp(indexes(provider), provider, plain);
  if (variant !== undefined) return { ...variant, match: 'variant' };
  for (const maker of makersOf(plain ?? name)) {
    const known = lookUp(indexes(maker.provider), maker.provider, undated(provider, maker.name));
    if (known !== undefined) return { ...known, match: 'maker' };
  }
  return undefined;
}

function lookUp(index: Index, provider: string, name: string): Hit | undefined {
  const hit = index.get(name);
  if (hit !== undefined) return hit;
  const build = index.get(undated(provider, name));
  return build && { ...build, match: 'dated' };
}

/** Listed names come first, then other names, then what is left of a name without its date, of the newest build. */
function indexOf(provider: string, entries: readonly Entry[]): Index {
  const index = new Map<string, Hit>();
  const add = (name: string, hit: Hit): void => {
    if (!index.has(name)) index.set(name, hit);
  };
  for (const entry of entries) add(comparable(provider, entry.model.id), { entry, match: 'exact' });
  for (const entry of entries) {
    for (const alias of entry.aliases) add(comparable(provider, alias), { entry, match: 'alias' });
  }
  for (const entry of entries.toReversed()) {
    add(undated(provider, comparable(provider, entry.model.id)), { entry, match: 'dated' });
  }
  return index;
}

function entryOf(provider: string, id: string, row: ModelData): Entry {
  const model = {
    provider,
    id,
    name: row.name,
    releasedOn: row.released,
    status: row.status as ModelRecord['status'],
    contextTokens: row.context,
    maxInputTokens: row.inputLimit,
    maxOutputTokens: row.outputLimit,
    input: words(row.input) as readonly Modality[] | undefined,
    output: words(row.output) as readonly Modality[] | undefined,
    capabilities: capabilitiesOf(row),
    thinking: thinkingOf(row),
  };
  return { model: said(model), price: row.price, aliases: row.aliases ?? [] };
}

function capabilitiesOf(row: ModelData): Capabilities {
  const [can, cannot, input] = [words(row.can), words(row.cannot), words(row.input)];
  const ability = (word: string): boolean | undefined =>
    can?.includes(word) ? true : cannot?.includes(word) ? false : undefined;
  const rates = typeof row.price === 'object' ? row.price : undefined;
  return said({
    tools: ability('tools'),
    reasoning: ability('reasoning'),
    structuredOutput: ability('structured'),
    temperature: ability('temperature'),
    vision: input?.includes('image'),
    pdf: input?.includes('pdf'),
    audio: input?.includes('audio'),
    caching: rates?.cacheRead === undefined ? undefined : true,
  });
}

function thinkingOf({ efforts, budget, toggle }: ModelData): ThinkingControls | undefined {
  if (efforts === undefined && budget === undefined && toggle === undefined) return undefined;
  const [min, max] = budget ?? [];
  return said({
    efforts: words(efforts),
    budgetTokens: budget && said({ min: min ?? undefined, max: max ?? undefined }),
    canBeSwitched: toggle ?? false,
  });
}

const words = (text: string | undefined): readonly string[] | undefined => text?.split(' ');

type Said<Row> = { [Key in keyof Row as undefined extends Row[Key] ? never : Key]: Row[Key] } & {
  [Key in keyof Row as undefined extends Row[Key] ? Key : never]?: Exclude<Row[Key], undefined>;
};

/** Without the members nobody said anything about. */
function said<Row extends object>(row: Row): Said<Row> {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined)) as Said<Row>;
}
