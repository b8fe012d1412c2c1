import type { Explanation } from '@patchbay/contract/resources/explanation';
import type { Seat, SeatRest } from '@patchbay/llm/credentials/seat';
import type { Clock } from '@patchbay/llm/model/clock';

import type { AccountRecord } from '../../storage/records.ts';
import type { Foreseen } from './parts.ts';

/** One account in an explanation, and whose it is. */
export interface ExplainedAccount {
  readonly shown: Explanation['targets'][number]['accounts'][number];
  readonly owner: string | undefined;
}

/** Accounts of one provider, as calls for one model see them. */
export interface AccountsSeen {
  readonly seats: readonly Seat[];
  /** False while an account’s proxy is out. */
  readonly hasWay: (seat: Seat) => boolean;
  /** What accounts' own limits say, by account. */
  readonly limits: ReadonlyMap<string, Foreseen>;
  /** Of the provider, active or not. */
  readonly rows: readonly AccountRecord[];
  readonly model: string;
  /** The only one that may be asked. */
  readonly accountId: string | undefined;
  readonly clock: Clock;
}

/** Why each account would be taken or left: those that are chosen from in their order, then those that are not. */
export function explainAccounts(seen: AccountsSeen): readonly ExplainedAccount[] {
  const { seats, rows } = seen;
  const rowOf = new Map(rows.map((row) => [row.id, row]));
  const chosenFrom = seats.map((seat) => explainSeat(seat, rowOf.get(seat.id), seen));
  const inPool = new Set(seats.map(({ id }) => id));
  const others = rows
    .filter(({ id }) => !inPool.has(id))
    .map((row) => ({
      shown: { ...named(row.id, row), ...leftOut(row) },
      owner: row.createdBy,
    }));
  return [...chosenFrom, ...others];
}

function explainSeat(seat: Seat, row: AccountRecord | undefined, seen: AccountsSeen): ExplainedAccount {
  const { model, accountId, clock } = seen;
  const now = clock.monotonicMs();
  const rests = seat.rests(now).filter((rest) => rest.model === undefined || rest.model === model);
  const isMeant = accountId === undefined || accountId === seat.id;
  const hasWay = seen.hasWay(seat);
  const limits = seen.limits.get(seat.id);
  const reasons = [
    ...(isMeant ? [] : ['The request asks for another account.']),
    ...(hasWay ? [] : ['Its proxy is off, down or gone.']),
    ...rests.map((rest) => restSentence(rest, now, clock)),
    ...(rests.length === 0 ? ['It is awake.'] : []),
    ...(limits?.limits ?? []).map(({ name, used, max }) => `${used} of ${max} are used: ${name}.`),
    ...(limits?.refusal === undefined ? [] : [limits.refusal.message]),
    `${seat.uses} calls since the start, ${seat.inFlight} on their way.`,
  ];
  const isAwake = accountId !== undefined || seat.isUsable(model, now) || seen.seats.length === 1;
  const usable = isMeant && hasWay && isAwake && limits?.refusal === undefined;
  const label = row?.label ?? seat.facts.label ?? '';
  return { shown: { ...named(seat.id, row), label, usable, reasons }, owner: row?.createdBy };
}

const named = (id: string, row: AccountRecord | undefined) => ({
  account_id: id,
  label: row?.label ?? '',
  proxy_id: row?.proxyId ?? null,
});

const leftOut = ({ isActive }: AccountRecord) => ({
  usable: false,
  reasons: [isActive ? 'Its credential cannot be used: see the problems of the registry.' : 'It is switched off.'],
});

function restSentence({ model, untilMs, reason, probing }: SeatRest, now: number, clock: Clock): string {
  const scope = model === undefined ? 'It' : `For \`${model}\` it`;
  if (probing) return `${scope} is tried by one call alone, after a rest because of ${reason}.`;
  if (untilMs <= now) return `${scope} rested because of ${reason}; the next call tries it alone.`;
  return `${scope} rests until ${new Date(clock.nowMs() + untilMs - now).toISOString()} because of ${reason}.`;
}
