import type { ModelRecord } from '../catalog/model-record.ts';
import type { Price } from '../catalog/price.ts';
import { failed, ok, type FailureKind, type Result } from '../model/failure.ts';
import { readModelList, type OfferedModel } from '../providers/read-model-list.ts';
import { objectOf } from '../wire/read.ts';
import { exchangeOnce, readJson } from './attempt.ts';
import type { CallOptions } from './call-options.ts';
import type { ClientContext } from './context.ts';
import { LlmError } from './llm-error.ts';
import { ModelCache } from './model-cache.ts';
import type { Attempt } from './run-call.ts';
import { runPlainCall } from './run-plain-call.ts';

/** A model of a provider. `address` is what `generate` takes; absent facts are unknown. */
export interface ListedModel {
  readonly address: string;
  readonly id: string;
  /** The provider's own name for people; else the catalogue's, else the id. */
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly createdAtMs?: number;
  /** Prompt and answer together, in tokens. */
  readonly contextTokens?: number;
  readonly maxOutputTokens?: number;
  /** What the catalogue knows of it; absent where it knows nothing. */
  readonly facts?: ModelRecord;
  /** The price of now; `unknown` where nobody says. */
  readonly price: Price;
  /**
   * Who says that it is there. `provider`: just now, or as long ago as its lists are believed. `stale`: the provider, at
   * an earlier time, and cannot be asked now. `catalog`: the catalogue alone, because the provider cannot be asked.
   */
  readonly source: 'provider' | 'stale' | 'catalog';
}

/** What of a list is kept between calls. */
export type OfferedModels = readonly OfferedModel[];

/** Options of a list. */
export interface ListOptions extends CallOptions {
  /** Asks the provider although an earlier answer is still believed. Default false. */
  readonly fresh?: boolean;
}

const PAGES_MAX = 20;

/**
 * The models of a provider, with what the catalogue knows of them. A list is believed for hours (24 for OpenAI, 12 for
 * OpenRouter, 2 for Gemini, five minutes for Ollama, else 6); when the provider cannot be asked, an older one or the
 * catalogue stands in and says so. Throws `LlmError` only when there is neither, and always for a refused account, an
 * unknown provider and a caller who left.
 */
export async function listModels(
  client: ClientContext,
  providerId: string,
  options: ListOptions,
): Promise<readonly ListedModel[]> {
  const { fresh = false, ...call } = options;
  const cache = (client.kept.models ??= new ModelCache(client.clock));
  const told = (models: OfferedModels, source: ListedModel['source']): Promise<readonly ListedModel[]> =>
    describeAll(client, { providerId, models, source });
  // Another account may see other models.
  const isOwn = call.credential !== undefined || call.credentials?.[providerId] !== undefined;
  const known = fresh || isOwn ? undefined : cache.fresh(providerId);
  if (known !== undefined) return told(known, 'provider');
  const provider = client.providers.get(providerId);
  if (provider && !provider.models) return fromCatalog(client, providerId);
  try {
    const { value } = await runPlainCall(client, {
      operation: 'list-models',
      models: [`${providerId}/`],
      options: call,
      perform: (attempt) => readPages(client, attempt),
    });
    if (!isOwn) cache.keep(providerId, value);
    return await told(value, 'provider');
  } catch (error) {
    if (!(error instanceof LlmError) || TELLING.has(error.failure.kind)) throw error;
    const older = isOwn ? undefined : cache.stale(providerId);
    if (older !== undefined) return told(older, 'stale');
    const listed = await fromCatalog(client, providerId);
    if (listed.length === 0) throw error;
    return listed;
  }
}

/** Failures that somebody must mend: a list that hides them would help nobody. */
const TELLING: ReadonlySet<FailureKind> = new Set([
  'authentication',
  'permission',
  'not-found',
  'invalid-request',
  'cancelled',
]);

async function fromCatalog(client: ClientContext, providerId: string): Promise<readonly ListedModel[]> {
  const catalog = await client.catalog();
  const models = catalog?.modelsOf(providerId).map(({ id, name }) => ({ id, name })) ?? [];
  return describeAll(client, { providerId, models, source: 'catalog' });
}

interface Described {
  readonly providerId: string;
  readonly models: OfferedModels;
  readonly source: ListedModel['source'];
}

async function describeAll(
  client: ClientContext,
  { providerId, models, source }: Described,
): Promise<readonly ListedModel[]> {
  const catalog = await client.catalog();
  const nowMs = client.clock.nowMs();
  return models.map((offered) => {
    const facts = catalog?.findModel(providerId, offered.id)?.model;
    const price = catalog?.priceOf(providerId, offered.id, nowMs) ?? { state: 'unknown' };
    const name = offered.name ?? facts?.name ?? offered.id;
    // What the provider says of its own model is truer than what we know of it.
    return {
      ...boundsOf(facts),
      ...offered,
      address: `${providerId}/${offered.id}`,
      name,
      ...(facts && { facts }),
      price,
      source,
    };
  });
}

function boundsOf(facts: ModelRecord | undefined): Partial<ListedModel> {
  return {
    ...(facts?.contextTokens !== undefined && { contextTokens: facts.contextTokens }),
    ...(facts?.maxOutputTokens !== undefined && { maxOutputTokens: facts.maxOutputTokens }),
  };
}

/** Anthropic pages its list (`has_more`, `after_id`); everyone else sends one page. */
async function readPages(client: ClientContext, attempt: Attempt): Promise<Result<OfferedModels>> {
  const listPath = attempt.provider.models?.listPath ?? '/models';
  const models: OfferedModel[] = [];
  let path = listPath;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const sent = await exchangeOnce(client, attempt, { method: 'GET', path, accept: 'application/json' });
    if (!sent.ok) return sent;
    const json = await readJson(sent.value, attempt);
    if (!json.ok) return json;
    models.push(...readModelList(json.value));
    const { has_more: hasMore, last_id: lastId } = objectOf(json.value) ?? {};
    if (hasMore !== true || typeof lastId !== 'string') return ok(models);
    path = `${listPath}${listPath.includes('?') ? '&' : '?'}after_id=${encodeURIComponent(lastId)}`;
  }
  return failed({ kind: 'protocol', message: `The list of models did not end after ${PAGES_MAX} pages.` });
}
