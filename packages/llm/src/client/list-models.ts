import { failed, ok, type Result } from '../model/failure.ts';
import { readModelList, type OfferedModel } from '../providers/read-model-list.ts';
import { objectOf } from '../wire/read.ts';
import { exchangeOnce, readJson } from './attempt.ts';
import type { CallOptions, ClientContext } from './context.ts';
import { LlmError } from './llm-error.ts';
import { runCall, type Attempt } from './run-call.ts';
import { startWatchdog } from './watchdog.ts';

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
  const total = startWatchdog(client.clock, options.signal);
  total.arm('total', client.timeouts.totalMs);
  try {
    const perform = async (attempt: Attempt): Promise<Result<readonly ListedModel[]>> => {
      const result = await readPages(client, attempt);
      attempt.settle(result.ok ? undefined : result.failure);
      return result;
    };
    const result = await runCall(client, { model: `${providerId}/`, signal: total.signal, perform });
    if (!result.ok) throw new LlmError(result.failure);
    return result.value;
  } finally {
    total.stop();
  }
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
