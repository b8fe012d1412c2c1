import type { Choice, CredentialPool, Lease } from '@patchbay/llm/credentials/pool';

/** What an account was looked for with, and which was found. */
export interface Looked {
  readonly taken: Lease | undefined;
  readonly tried: ReadonlySet<string> | undefined;
  readonly choice: Choice;
}

/** Accounts named; a pool may have thousands. */
const NAMED_MAX = 20;

/** Why each of the other accounts was not taken, one line an account. `nowMs` is monotonic. */
export function passedOver(pool: CredentialPool, looked: Looked, nowMs: number): readonly string[] {
  const { taken, tried, choice } = looked;
  const others = pool.seats.filter(({ id }) => id !== taken?.credential.id);
  return others.slice(0, NAMED_MAX).map((seat) => {
    if (tried?.has(seat.id) === true) return `${seat.id}: was tried already`;
    if (!pool.hasWay(seat)) return `${seat.id}: its proxy is out`;
    if (!seat.isUsable(choice.model, nowMs)) {
      const leftS = Math.max(0, Math.ceil((seat.freeAtMs(choice.model) - nowMs) / 1000));
      return `${seat.id}: rests for ${leftS} s (${seat.reason(choice.model) ?? 'probed'})`;
    }
    if (choice.only !== undefined) return `${seat.id}: the caller wants ${choice.only}`;
    return `${seat.id}: ${taken === undefined ? 'a limit of its own is reached' : `${choice.rotation ?? 'round-robin'} chose another`}`;
  });
}
