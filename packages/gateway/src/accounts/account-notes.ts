import type { LeaseOutcome, PoolObserver } from '@patchbay/llm/credentials/pool';
import type { Seat } from '@patchbay/llm/credentials/seat';
import type { Clock } from '@patchbay/llm/model/clock';

import type { AccountNote } from '../storage/records.ts';

/** How the last calls through an account went. */
export type AccountHealth = 'healthy' | 'degraded' | 'down';

/** What notes are made with. */
export interface NotesParts {
  readonly write: (notes: readonly AccountNote[]) => Promise<void>;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
}

/** How often notes are written, in milliseconds. */
const WRITE_MS = 1000;
/** Failures in a row from which an account counts as down. */
const DOWN_FROM = 3;
const ERROR_MAX = 500;

/** Writes down, a moment later and many at once, how accounts are used and fare. No call waits for it. */
export class AccountNotes implements PoolObserver {
  readonly #parts: NotesParts;
  #notes = new Map<string, AccountNote>();
  #writing: Promise<void> | undefined;
  readonly #stop: () => void;

  constructor(parts: NotesParts) {
    this.#parts = parts;
    this.#stop = parts.clock.every(WRITE_MS, () => void this.flush());
  }

  used({ id }: Seat): void {
    const known = this.#notes.get(id);
    this.#notes.set(id, { ...known, id, uses: (known?.uses ?? 0) + 1, lastUsedAtMs: this.#parts.clock.nowMs() });
  }

  ended(seat: Seat, { ok, error = 'The call failed.' }: LeaseOutcome): void {
    const known = this.#notes.get(seat.id) ?? { id: seat.id, uses: 0 };
    const atMs = this.#parts.clock.nowMs();
    const said = ok ? { lastSuccessAtMs: atMs } : { lastError: { atMs, message: error.slice(0, ERROR_MAX) } };
    const health = { ...known.health, ...said, status: healthOf(seat), failures: seat.failures };
    this.#notes.set(seat.id, { ...known, health });
  }

  /** Writes what there is now. One writing at a time; what could not be written is tried again with the next. */
  flush(): Promise<void> {
    if (this.#writing !== undefined || this.#notes.size === 0) return this.#writing ?? Promise.resolve();
    const notes = this.#notes;
    this.#notes = new Map();
    this.#writing = this.#parts
      .write([...notes.values()])
      .catch((error: unknown) => {
        this.#keep(notes);
        this.#parts.onError(error);
      })
      .finally(() => {
        this.#writing = undefined;
      });
    return this.#writing;
  }

  #keep(notes: ReadonlyMap<string, AccountNote>): void {
    for (const [id, older] of notes) {
      const newer = this.#notes.get(id);
      const health = newer?.health ?? older.health;
      this.#notes.set(id, { ...older, ...newer, uses: older.uses + (newer?.uses ?? 0), ...(health && { health }) });
    }
  }

  /** Writes the last notes and stops. */
  async close(): Promise<void> {
    this.#stop();
    await this.#writing;
    await this.flush();
  }
}

/** How an account fares: refused or failing again and again is down, a failure since the last success degrades. */
export function healthOf(seat: Pick<Seat, 'whole' | 'failures'>): AccountHealth {
  const { reason } = seat.whole;
  if (seat.failures >= DOWN_FROM || reason === 'auth_failed' || reason === 'quota') return 'down';
  return seat.failures > 0 ? 'degraded' : 'healthy';
}
