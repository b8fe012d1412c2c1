import { Explanation, RetoldRequest } from '@patchbay/contract/resources/explanation';

import { retell } from '../../../operations/request-logs/retell.ts';
import { UsageError, type CommandOutput, type StoreContext } from '../../command.ts';
import type { RunningGateway } from '../../running-gateway.ts';
import { writeExplanation, writeRetold } from './write.ts';

const USAGE =
  'Say what: patchbay explain <request-id> tells what became of a request, patchbay explain <model> what one would meet.';
/** Attempts of one request that are told. */
const ATTEMPTS_MAX = 1000;

/** Tells what became of a request, from the log in the store. */
export async function explainFromStore({ store }: StoreContext, args: readonly string[]): Promise<CommandOutput> {
  const requestId = onlyOne(args);
  const retold = retell(await store.calls.page({ requestId, limit: ATTEMPTS_MAX }));
  if (retold === undefined)
    throw new UsageError(
      `There is no request ${requestId} in the log. To see what a request for a model would meet, name the running gateway: PATCHBAY_URL and PATCHBAY_API_KEY.`,
    );
  return { json: retold, text: writeRetold(retold) };
}

/** Asks a running gateway: for a request that it has in its log, else for a model of that name. */
export async function explainFromGateway(gateway: RunningGateway, args: readonly string[]): Promise<CommandOutput> {
  const asked = onlyOne(args);
  const told = await gateway.ask('GET', `/api/v1/explain/${encodeURIComponent(asked)}`);
  if (told.status === 200) {
    const retold = RetoldRequest.parse(told.json);
    return { json: retold, text: writeRetold(retold) };
  }
  if (told.status !== 404) throw new Error(told.refusal);
  const foreseen = await gateway.ask('POST', '/api/v1/explain', { model: asked });
  if (foreseen.status !== 200) throw new Error(foreseen.refusal);
  const explanation = Explanation.parse(foreseen.json);
  return { json: explanation, text: writeExplanation(explanation) };
}

function onlyOne(args: readonly string[]): string {
  const [asked, ...more] = args;
  if (asked === undefined || asked === '' || more.length > 0) throw new UsageError(USAGE);
  return asked;
}
