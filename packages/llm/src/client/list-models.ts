import { failed, ok, type Result } from '../model/failure.ts';
import { readModelList, type OfferedModel } from '../providers/read-model-list.ts';
import { objectOf } from '../wire/read.ts';
import { exchangeOnce, readJson } from './attempt.ts';
import type { CallOptions } from './call-options.ts';
import type { ClientContext } from './context.ts';
import type { Attempt } from './run-call.ts';
import { runPlainCall } from './run-plain-call.ts';

/** A model that a provider says it serves. `address` is what `generate` takes. */
export interface ListedModel {
  readonly address: string;
  readonly id: string;
  /** The provider's own name for people; the id when it has none. */
  readonly name: string;
}

const PAGES_MAX = 20;

/** Asks a provider for its models. Empty for a provider that offers no list. Throws `LlmError`. */
export async function listModels(
  client: ClientContext,
  providerId: string,
  options: CallOptions,
): Promise<readonly ListedModel[]> {
  const provider = client.providers.get(providerId);
  if (provider && !provider.models) return [];
  const { value } = await runPlainCall(client, {
    operation: 'list-models',
    models: [`${providerId}/`],
    options,
    perform: (attempt) => readPages(client, attempt),
  });
  return value;
}

/** Anthropic pages its list (`has_more`, `after_id`); everyone else sends one page. */
async function readPages(client: ClientContext, attempt: Attempt): Promise<Result<readonly ListedModel[]>> {
  const listPath = attempt.provider.models?.listPath ?? '/models';
  const models: ListedModel[] = [];
  let path = listPath;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const sent = await exchangeOnce(client, attempt, { method: 'GET', path, accept: 'application/json' });
    if (!sent.ok) return sent;
    const json = await readJson(sent.value, attempt);
    if (!json.ok) return json;
    models.push(...readModelList(json.value).map((model) => listed(model, attempt.provider.id)));
    const { has_more: hasMore, last_id: lastId } = objectOf(json.value) ?? {};
    if (hasMore !== true || typeof lastId !== 'string') return ok(models);
    path = `${listPath}${listPath.includes('?') ? '&' : '?'}after_id=${encodeURIComponent(lastId)}`;
  }
  return failed({ kind: 'protocol', message: `The list of models did not end after ${PAGES_MAX} pages.` });
}

const listed = ({ id, name = id }: OfferedModel, providerId: string): ListedModel => ({
  address: `${providerId}/${id}`,
  id,
  name,
});
