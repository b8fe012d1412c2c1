import type { AttributeValue, Span } from './spans-of.ts';

/** Who tells of spans. */
export interface TracedService {
  readonly name: string;
  readonly version: string;
}

const KINDS = { server: 2, client: 3 } as const;
const STATUS_ERROR = 2;

/**
 * Spans as the body of a request to an OTLP receiver, in JSON: ids in hexadecimal, whole numbers of 64 bits as text.
 * https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
 */
export const otlpJson = ({ name, version }: TracedService, spans: readonly Span[]): string =>
  JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: attributesOf({ 'service.name': name, 'service.version': version }) },
        scopeSpans: [{ scope: { name: 'patchbay', version }, spans: spans.map(spanOf) }],
      },
    ],
  });

const spanOf = (span: Span) => ({
  traceId: span.traceId,
  spanId: span.spanId,
  ...(span.parentSpanId !== undefined && { parentSpanId: span.parentSpanId }),
  name: span.name,
  kind: KINDS[span.kind],
  startTimeUnixNano: nanoseconds(span.startedAtMs),
  endTimeUnixNano: nanoseconds(Math.max(span.startedAtMs, span.endedAtMs)),
  attributes: attributesOf(span.attributes),
  status: span.failed ? { code: STATUS_ERROR } : {},
});

/** Beyond what a number holds exactly. */
const nanoseconds = (ms: number): string => String(BigInt(Math.round(ms)) * 1_000_000n);

const attributesOf = (attributes: Readonly<Record<string, AttributeValue>>) =>
  Object.entries(attributes).map(([key, value]) => ({ key, value: valueOf(value) }));

function valueOf(value: AttributeValue): Readonly<Record<string, AttributeValue>> {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}
