/** A caller's span, as its `traceparent` names it. */
export interface ParentSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** False when the caller keeps no record of its trace. */
  readonly isSampled: boolean;
}

const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?$/;

/** Reads a `traceparent` of any version; nothing where it is none, so that a trace of its own begins. */
export function readTraceparent(text: string | undefined): ParentSpan | undefined {
  const [, traceId = '', spanId = '', flags = ''] = TRACEPARENT.exec(text ?? '') ?? [];
  if (traceId === '' || /^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & 1) === 1 };
}
