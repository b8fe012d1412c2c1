import type { Clock } from '@patchbay/llm/model/clock';

/** Finds all addresses of a host; `named` is true when the operator named it. Rejects when there are none. */
export type NameService = (hostname: string, named: boolean) => Promise<readonly string[]>;

interface Found {
  readonly addresses: readonly string[];
  readonly untilMs: number;
}

/** How long an answer of the name service is used, and how long a stale one still serves when it is down. */
const FRESH_MS = 60_000;
const STALE_MS = 300_000;
/** Names kept; the oldest goes first. */
const NAMES_MAX = 1000;

/** `ask` with a memory: many connections that need the same name at once ask for it once. */
export function createNameCache(ask: NameService, clock: Clock): NameService {
  const names = new Map<string, Found>();
  const asked = new Map<string, Promise<readonly string[]>>();
  const refresh = async (hostname: string, named: boolean): Promise<readonly string[]> => {
    const known = names.get(hostname);
    try {
      const addresses = await ask(hostname, named);
      names.delete(hostname);
      if (names.size >= NAMES_MAX) names.delete(names.keys().next().value as string);
      names.set(hostname, { addresses, untilMs: clock.monotonicMs() + FRESH_MS });
      return addresses;
    } catch (error) {
      if (known !== undefined && known.untilMs + STALE_MS > clock.monotonicMs()) return known.addresses;
      throw error;
    }
  };
  const askOnce = (hostname: string, named: boolean): Promise<readonly string[]> => {
    const answer = refresh(hostname, named).finally(() => asked.delete(hostname));
    asked.set(hostname, answer);
    return answer;
  };
  return async (hostname, named) => {
    const known = names.get(hostname);
    if (known !== undefined && known.untilMs > clock.monotonicMs()) return known.addresses;
    return await (asked.get(hostname) ?? askOnce(hostname, named));
  };
}
