/** When accounts are to be exchanged for others. Durations are in milliseconds. */
export interface RotationPolicy {
  /** Default false: nothing is ever due. */
  readonly enabled?: boolean;
  /** How old an account may get. Default 30 days. */
  readonly rotationInterval?: number;
  /** How long the old account serves on beside the new one. Default 7 days. */
  readonly gracePeriod?: number;
  /** Whether the old one is removed by itself when that is over. Default false. */
  readonly autoDecommission?: boolean;
  /** Told once of each account that is due, to begin its rotation. What it throws is told as a `failure`. */
  readonly onRotationNeeded?: (credentialId: string) => unknown;
}

/** How the rotation of one account stands. */
export interface RotationStatus {
  readonly credentialId: string;
  /** `current`: nothing to do; `due`: older than the interval; `rotating`: a new one serves beside it. */
  readonly state: 'current' | 'due' | 'rotating';
  readonly createdAt: Date;
  /** When it is due. */
  readonly dueAt: Date;
  readonly replacedBy?: string;
  /** When the old one may go. */
  readonly graceEndsAt?: Date;
}

const DAY_MS = 86_400_000;

/** What counts where nothing is said. */
export const DEFAULT_ROTATION_POLICY = {
  enabled: false,
  rotationInterval: 30 * DAY_MS,
  gracePeriod: 7 * DAY_MS,
  autoDecommission: false,
} satisfies RotationPolicy;

type WholePolicy = RotationPolicy & Required<Omit<RotationPolicy, 'onRotationNeeded'>>;

interface Age {
  readonly createdAtMs: number;
  isTold: boolean;
  replacedBy?: string;
  graceEndsAtMs?: number;
}

/** The ages of accounts, and which of them are being replaced. Times are milliseconds since 1970. */
export class RotationLedger {
  #policy: WholePolicy = DEFAULT_ROTATION_POLICY;
  readonly #ages = new Map<string, Age>();

  configure(policy: RotationPolicy): void {
    this.#policy = { ...DEFAULT_ROTATION_POLICY, ...policy };
  }

  get policy(): WholePolicy {
    return this.#policy;
  }

  add(id: string, createdAtMs: number): void {
    this.#ages.set(id, { createdAtMs, isTold: false });
  }

  remove(id: string): void {
    this.#ages.delete(id);
  }

  /** Accounts that are due and that nobody replaces yet. */
  due(nowMs: number): readonly string[] {
    const { enabled, rotationInterval } = this.#policy;
    if (!enabled) return [];
    return [...this.#ages]
      .filter(([, age]) => age.replacedBy === undefined && nowMs - age.createdAtMs >= rotationInterval)
      .map(([id]) => id);
  }

  /** True the first time for an account that is due. */
  tellOnce(id: string): boolean {
    const age = this.#ages.get(id);
    if (age === undefined || age.isTold) return false;
    age.isTold = true;
    return true;
  }

  replace(id: string, by: string, nowMs: number): void {
    const age = this.#ages.get(id);
    if (age === undefined) return;
    age.replacedBy = by;
    age.graceEndsAtMs = nowMs + this.#policy.gracePeriod;
  }

  /** When the old account may go; `undefined` where nothing replaces it. */
  graceEndsAtMs(id: string): number | undefined {
    return this.#ages.get(id)?.graceEndsAtMs;
  }

  /** Accounts whose time beside the new ones is over. */
  expired(nowMs: number): readonly string[] {
    return [...this.#ages].filter(([, { graceEndsAtMs = Infinity }]) => graceEndsAtMs <= nowMs).map(([id]) => id);
  }

  status(nowMs: number): readonly RotationStatus[] {
    const due = new Set(this.due(nowMs));
    return [...this.#ages].map(([credentialId, { createdAtMs, replacedBy, graceEndsAtMs }]) => ({
      credentialId,
      state: replacedBy !== undefined ? 'rotating' : due.has(credentialId) ? 'due' : 'current',
      createdAt: new Date(createdAtMs),
      dueAt: new Date(createdAtMs + this.#policy.rotationInterval),
      ...(replacedBy !== undefined && { replacedBy }),
      ...(graceEndsAtMs !== undefined && { graceEndsAt: new Date(graceEndsAtMs) }),
    }));
  }
}
