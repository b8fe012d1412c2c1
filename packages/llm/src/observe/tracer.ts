/** As much of a span of `@opentelemetry/api` as is used here. */
export interface TracedSpan {
  setAttributes(attributes: Record<string, string | number | boolean | string[]>): unknown;
  addEvent(name: string, attributes?: Record<string, string | number | boolean | string[]>): unknown;
  setStatus(status: { code: number; message?: string }): unknown;
  end(endTime?: number): void;
}

/**
 * As much of a tracer of `@opentelemetry/api` as is used here: `trace.getTracer('name')` fits. The span's parent is the
 * one that is active where the call begins.
 */
export interface Tracer {
  startSpan(
    name: string,
    options?: {
      kind?: number;
      startTime?: number;
      attributes?: Record<string, string | number | boolean | string[]>;
    },
  ): TracedSpan;
}
