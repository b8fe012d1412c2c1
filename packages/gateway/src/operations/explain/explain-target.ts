import type { Explanation } from '@patchbay/contract/resources/explanation';
import type { Choice } from '@patchbay/llm/credentials/pool';
import type { Seat } from '@patchbay/llm/credentials/seat';
import type { Failure } from '@patchbay/llm/model/failure';

import { noAccount } from '../../accounts/no-account.ts';
import { explainAccounts } from './explain-accounts.ts';
import type { ExplainedProvider, ExplainedTarget, ExplainParts, FindModel, Foreseen, Thought } from './parts.ts';

/** What an explanation is asked for. */
export interface AskedFor {
  readonly thought: Thought;
  /** The only account that may be asked; absent where any may. */
  readonly accountId: string | undefined;
  /** Whose accounts may be shown; `undefined` for everyone's. */
  readonly owner: string | undefined;
}

/** One target of an explanation, and why it would not serve; absent where it would. */
export interface TargetExplained {
  readonly shown: Explanation['targets'][number];
  readonly refusal: Failure | undefined;
}

type Pool = ExplainedProvider['pool'];
type Found = Exclude<ReturnType<FindModel>, { readonly failure: Failure }>;

const NO_POOL: Pool = {
  seats: [],
  size: 0,
  isStranded: false,
  soonest: () => undefined,
  hasWay: () => false,
  choose: () => undefined,
};

/** Which account a request would be sent with, by the same choice that calls make, and what speaks for each. */
export async function explainTarget(
  parts: ExplainParts,
  { providerId, model }: ExplainedTarget,
  { provider }: Found,
  asked: AskedFor,
): Promise<TargetExplained> {
  const { thought, accountId, owner } = asked;
  const pool = provider(providerId)?.pool ?? NO_POOL;
  const sized = { providerId, model, accounts: pool.size, bodyBytes: thought.bodyBytes, json: thought.json };
  const { rotation, why } = parts.chooser.way(sized);
  const choice = accountId === undefined ? await parts.chooser.foresee(sized) : { model, only: accountId };
  const limited = await limitsOf(parts, pool, model, thought);
  const first = firstOf(pool, choice, limited);
  const accounts = explainAccounts({
    seats: pool.seats,
    hasWay: (seat) => pool.hasWay(seat),
    limits: limited,
    rows: await parts.rows.accounts.all({ providerId }),
    model,
    accountId,
    clock: parts.clock,
  });
  const visible = accounts.filter((each) => owner === undefined || each.owner === owner).map((each) => each.shown);
  const shown: TargetExplained['shown'] = {
    provider_id: providerId,
    model,
    policy: `${rotation}: ${why}`,
    price: { ...parts.foresight.priceOf(providerId, model, parts.clock.nowMs()) },
    first_account_id: visible.find(({ account_id: id }) => id === first?.id)?.account_id ?? null,
    accounts: visible.toSorted((a, b) => Number(b.account_id === first?.id) - Number(a.account_id === first?.id)),
  };
  return { shown, refusal: first === undefined ? refusalOf(parts, { providerId, pool, model }, limited) : undefined };
}

/** What the limits of accounts say, by account; those without limits are left out. */
async function limitsOf(
  { foresight }: ExplainParts,
  { seats }: Pool,
  model: string,
  thought: Thought,
): Promise<ReadonlyMap<string, Foreseen>> {
  const limited = seats.filter(({ facts }) => facts.limits !== undefined);
  const said = limited.map(async (seat) => [seat.id, await foresight.ofAccount(seat, model, thought)] as const);
  return new Map(await Promise.all(said));
}

/** The account that would be taken: what is chosen, unless a limit of its own refuses, and then the next. */
function firstOf(pool: Pool, choice: Choice, limited: ReadonlyMap<string, Foreseen>): Seat | undefined {
  const passed = new Set([...limited].filter(([, { refusal }]) => refusal !== undefined).map(([id]) => id));
  const tried = new Set<string>();
  let seat = pool.choose(tried, undefined, choice);
  while (seat !== undefined && passed.has(seat.id)) {
    tried.add(seat.id);
    seat = pool.choose(tried, undefined, choice);
  }
  return seat;
}

function refusalOf(
  { clock }: ExplainParts,
  inVain: Parameters<typeof noAccount>[0],
  limited: ReadonlyMap<string, Foreseen>,
): Failure {
  const ofLimits = [...limited.values()].find(({ refusal }) => refusal !== undefined)?.refusal;
  return inVain.pool.soonest(inVain.model) === undefined && ofLimits !== undefined
    ? ofLimits
    : noAccount(inVain, clock);
}
