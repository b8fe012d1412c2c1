import type { Failure } from '@patchbay/llm/model/failure';
import type { ProviderRecord } from '@patchbay/llm/providers/define-provider';
import { nearMatches } from '@patchbay/llm/routing/near-matches';
import type { Target } from '@patchbay/llm/routing/target';

import type { HeldCatalog } from './held-catalog.ts';
import type { ModelLists } from './model-lists.ts';
import type { ModelDirectory, ProviderRuntime } from './ports.ts';

export interface DirectoryParts {
  readonly runtimes: ReadonlyMap<string, ProviderRuntime>;
  /** Every provider the product knows, configured or not. */
  readonly records: readonly ProviderRecord[];
  readonly lists: ModelLists;
  readonly catalog: HeldCatalog;
  /** Names an operator gave to one or several models, tried in order. */
  readonly aliases: ReadonlyMap<string, readonly string[]>;
}

type Found = ReturnType<ModelDirectory['resolve']>;

/** Finds where a model is: alias, `provider/model`, a provider's own list, the catalogue, then the documented prefixes. */
export function createModelDirectory(parts: DirectoryParts): ModelDirectory {
  return {
    provider: (id) => parts.runtimes.get(id),
    resolve(model) {
      const members = parts.aliases.get(model);
      return members === undefined ? resolveOne(parts, model) : resolveAlias(parts, members);
    },
  };
}

/** All targets of an alias; a member that cannot be found is skipped while another can. */
function resolveAlias(parts: DirectoryParts, members: readonly string[]): Found {
  const found = members.map((member) => resolveOne(parts, member));
  const targets = found.flatMap((each) => ('targets' in each ? each.targets : []));
  const missing = found.find((each) => 'failure' in each);
  return targets.length === 0 && missing !== undefined ? missing : { targets };
}

function resolveOne(parts: DirectoryParts, model: string): Found {
  const slash = model.indexOf('/');
  const prefix = slash < 0 ? '' : model.slice(0, slash);
  if (parts.runtimes.has(prefix) && slash < model.length - 1) {
    return { targets: [{ providerId: prefix, model: model.slice(slash + 1) }] };
  }
  const known = parts.records.find(({ id }) => id === prefix);
  if (known !== undefined) return { failure: notConfigured(known, model) };
  return resolveBare(parts, model);
}

function resolveBare(parts: DirectoryParts, model: string): Found {
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
  { runtimes }: DirectoryParts,
  owner: ProviderRecord | undefined,
  has: (record: ProviderRecord) => boolean | undefined,
): string | undefined {
  const able = [...runtimes.values()].filter(({ record }) => has(record)).map(({ record }) => record.id);
  return able.find((id) => id === owner?.id) ?? able[0];
}

/** The catalogue finds no model for a provider that has a list and does not name it there. */
function isInCatalog({ catalog, lists }: DirectoryParts, providerId: string, model: string): boolean {
  if (lists.known(providerId) !== undefined) return false;
  const match = catalog.now()?.findModel(providerId, model)?.match;
  return match === 'exact' || match === 'alias';
}

const target = (providerId: string, model: string): Target => ({ providerId, model });

const notConfigured = (record: ProviderRecord, model: string): Failure => ({
  kind: 'not-found',
  path: 'model',
  message: `The model \`${model}\` belongs to ${record.name}, which has no account here. Set ${record.envPrefix}_API_KEY and start again.`,
});

/** Names what is near: listed models, aliases, and providers whose prefix may have been meant. */
export function unknownModel(parts: Pick<DirectoryParts, 'lists' | 'aliases' | 'runtimes'>, model: string): Failure {
  const listed = [...parts.runtimes.keys()].flatMap((providerId) =>
    (parts.lists.known(providerId) ?? []).flatMap(({ id }) => [`${providerId}/${id}`, id]),
  );
  const near = nearMatches(model, [...parts.aliases.keys(), ...listed]);
  const hint =
    near.length > 0 ? `Did you mean ${near.map((each) => `\`${each}\``).join(', ')}?` : addressHint(parts.runtimes);
  return { kind: 'not-found', path: 'model', message: `The model \`${model}\` is not known here. ${hint}` };
}

const addressHint = (runtimes: ReadonlyMap<string, ProviderRuntime>): string =>
  `Address a model as \`provider/model\`; providers here: ${[...runtimes.keys()].join(', ')}.`;
