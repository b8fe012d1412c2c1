import type { Failure } from '@patchbay/llm/model/failure';
import type { ProviderRecord } from '@patchbay/llm/providers/define-provider';
import { nearMatches } from '@patchbay/llm/routing/near-matches';
import type { Target } from '@patchbay/llm/routing/target';

import type { HeldCatalog } from './held-catalog.ts';
import type { ModelLists } from './model-lists.ts';
import type { Callables, CallablesNow, Found, MappingTable, ModelDirectory, ProviderRuntime } from './ports.ts';

export interface DirectoryParts {
  readonly callables: CallablesNow;
  /** Every provider the product knows, configured or not. */
  readonly records: readonly ProviderRecord[];
  readonly lists: ModelLists;
  readonly catalog: HeldCatalog;
  /** Names an operator gave to one or several models, tried in order. */
  readonly aliases: ReadonlyMap<string, readonly string[]>;
  /** Names that users gave. Absent where nothing is stored. */
  readonly mappings?: MappingTable;
}

type Resolved = { readonly targets: readonly Target[] } | { readonly failure: Failure };

/** What a name is looked up in. */
type Where = Omit<DirectoryParts, 'callables'> & Callables;

/** Finds where a model is: mapping, alias, `provider/model`, a provider's own list, the catalogue, then the documented prefixes. */
export function createModelDirectory(parts: DirectoryParts): ModelDirectory {
  const addressed = new AddressedModels();
  return {
    provider: (id) => parts.callables().runtimes.get(id),
    resolve(model, userId) {
      const callables = parts.callables();
      const mapped = parts.mappings?.find(model, userId);
      const isPlain = mapped === undefined && !parts.aliases.has(model);
      const before = isPlain ? addressed.find(model, callables) : undefined;
      if (before !== undefined) return before;
      const { version, runtimes, models } = callables;
      const where: Where = { ...parts, version, runtimes, models, providersOf: (each) => callables.providersOf(each) };
      const members = mapped === undefined ? parts.aliases.get(model) : [`${mapped.providerId}/${mapped.model}`];
      const resolved = members === undefined ? resolveOne(where, model) : resolveAlias(where, members);
      if ('failure' in resolved) return resolved;
      const isOwn = mapped?.isOwn === true;
      const found: Found = { targets: resolved.targets, isOwn, version, provider: (id) => runtimes.get(id) };
      if (isPlain) addressed.keep(model, found, callables);
      return found;
    },
  };
}

/** Names remembered at a time, and the longest of them: callers choose them. */
const ADDRESSED_MAX = 1000;
const ADDRESSED_LENGTH_MAX = 200;

/** Names that name their provider mean the same to everybody while what can be called is the same. */
class AddressedModels {
  readonly #known = new Map<string, Found>();
  #of: Callables | undefined;

  find(model: string, now: Callables): Found | undefined {
    if (now !== this.#of) this.#known.clear();
    this.#of = now;
    return this.#known.get(model);
  }

  /** Others depend on lists and the catalogue, which change by themselves. */
  keep(model: string, found: Found, { runtimes }: Callables): void {
    if (model.length > ADDRESSED_LENGTH_MAX || !runtimes.has(model.slice(0, Math.max(0, model.indexOf('/'))))) return;
    if (this.#known.size >= ADDRESSED_MAX) this.#known.clear();
    this.#known.set(model, found);
  }
}

/** All targets of an alias; a member that cannot be found is skipped while another can. */
function resolveAlias(parts: Where, members: readonly string[]): Resolved {
  const found = members.map((member) => resolveOne(parts, member));
  const targets = found.flatMap((each) => ('targets' in each ? each.targets : []));
  const missing = found.find((each) => 'failure' in each);
  return targets.length === 0 && missing !== undefined ? missing : { targets };
}

function resolveOne(parts: Where, model: string): Resolved {
  const slash = model.indexOf('/');
  const prefix = slash < 0 ? '' : model.slice(0, slash);
  if (parts.runtimes.has(prefix) && slash < model.length - 1) {
    const name = model.slice(slash + 1);
    const off = switchedOff(parts, prefix, name);
    return off === undefined ? { targets: [target(prefix, name)] } : { failure: off };
  }
  const known = parts.records.find(({ id }) => id === prefix);
  if (known !== undefined) return { failure: notConfigured(known, model) };
  return resolveBare(parts, model);
}

function resolveBare(parts: Where, model: string): Resolved {
  const named = parts.providersOf(model).filter((id) => parts.runtimes.has(id));
  if (named.length > 0) return { targets: named.map((id) => target(id, model)) };
  const lower = model.toLowerCase();
  const owner = parts.records.find(({ modelPrefixes }) => modelPrefixes?.some((each) => lower.startsWith(each)));
  const listed = providerThatHas(parts, owner, ({ id }) => parts.lists.known(id)?.some((each) => each.id === model));
  const known = listed ?? providerThatHas(parts, owner, ({ id }) => isInCatalog(parts, id, model));
  if (known !== undefined) return { targets: [target(known, model)] };
  if (owner === undefined) return { failure: unknownModel(parts, model) };
  return parts.runtimes.has(owner.id)
    ? { targets: [target(owner.id, model)] }
    : { failure: notConfigured(owner, model) };
}

/** Of the providers with an account here that have a model, the one whose name it bears, else the first. */
function providerThatHas(
  { runtimes }: Where,
  owner: ProviderRecord | undefined,
  has: (record: ProviderRecord) => boolean | undefined,
): string | undefined {
  const able = [...runtimes.values()].filter(({ record }) => has(record)).map(({ record }) => record.id);
  return able.find((id) => id === owner?.id) ?? able[0];
}

/** The catalogue finds no model for a provider that has a list and does not name it there. */
function isInCatalog({ catalog, lists }: Where, providerId: string, model: string): boolean {
  if (lists.known(providerId) !== undefined) return false;
  const match = catalog.now()?.findModel(providerId, model)?.match;
  return match === 'exact' || match === 'alias';
}

const target = (providerId: string, model: string): Target => ({ providerId, model });

const notConfigured = (record: ProviderRecord, model: string): Failure => ({
  kind: 'not-found',
  path: 'model',
  message: `The model \`${model}\` belongs to ${record.name}, which has no account here (no available accounts for provider ${record.id}). Set ${record.envPrefix}_API_KEY and start again, or give it one now: POST /api/v1/accounts, PUT /api/admin/providers/${record.id}, or POST /api/admin/providers where it is not listed yet.`,
});

/** Names what is near: listed models, aliases, and providers whose prefix may have been meant. */
export function unknownModel(parts: Pick<Where, 'lists' | 'aliases' | 'runtimes'>, model: string): Failure {
  const listed = [...parts.runtimes.keys()].flatMap((providerId) =>
    (parts.lists.known(providerId) ?? []).flatMap(({ id }) => [`${providerId}/${id}`, id]),
  );
  const near = nearMatches(model, [...parts.aliases.keys(), ...listed]);
  const hint =
    near.length > 0 ? `Did you mean ${near.map((each) => `\`${each}\``).join(', ')}?` : addressHint(parts.runtimes);
  const slash = model.indexOf('/');
  const which = slash > 0 ? ` (provider not found: ${model.slice(0, slash)})` : '';
  return { kind: 'not-found', path: 'model', message: `The model \`${model}\` is not known here${which}. ${hint}` };
}

const addressHint = (runtimes: ReadonlyMap<string, ProviderRuntime>): string =>
  `Address a model as \`provider/model\`; providers here: ${namesOf(runtimes)}.`;

/** Names said at most in one sentence. */
const NAMES_SAID = 20;

/** Names of providers, as a sentence can hold them. */
export function namesOf(runtimes: ReadonlyMap<string, unknown>): string {
  const said = [...runtimes.keys()].slice(0, NAMES_SAID);
  const left = runtimes.size - said.length;
  return said.join(', ') + (left > 0 ? ` and ${left} more` : '');
}

/** An administrator's word that a model is not to be served; names that nobody listed go to their provider. */
function switchedOff({ models }: Where, providerId: string, model: string): Failure | undefined {
  const status = models.get(providerId)?.get(model)?.status ?? 'active';
  if (status === 'active') return undefined;
  const message = `The model \`${providerId}/${model}\` is ${status} here. Ask an administrator to switch it on, or name another.`;
  return { kind: 'not-found', path: 'model', message };
}
