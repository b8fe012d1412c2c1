import type { BackendError } from './backend-error.ts';

/** The request that an envelope answers. */
export interface Answered {
  readonly requestId: string;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

/** What every answer wears that is no stream, no page and no Prometheus text. */
export interface Envelope {
  readonly success: boolean;
  readonly data?: unknown;
  readonly error?: {
    readonly code: string;
    readonly message: string;
    readonly details?: Readonly<Record<string, unknown>>;
  };
  readonly request_id: string;
  /** ISO 8601, in UTC. */
  readonly timestamp: string;
}

const about = ({ requestId, nowMs }: Answered) => ({
  request_id: requestId,
  timestamp: new Date(nowMs).toISOString(),
});

/** The envelope of what went well. */
export const presentData = (data: unknown, answered: Answered): Envelope => ({
  success: true,
  data,
  ...about(answered),
});

/** The envelope of what went wrong; whoever serves more than a backend does has words of its own. */
export const presentFailure = (
  { code, message, details }: NonNullable<Envelope['error']> | Pick<BackendError, 'code' | 'message' | 'details'>,
  answered: Answered,
): Envelope => ({
  success: false,
  error: { code, message, ...(details && { details }) },
  ...about(answered),
});
