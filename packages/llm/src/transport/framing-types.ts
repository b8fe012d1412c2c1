/** The content types of streamed answers, by how their frames stand in the bytes. */
export const FRAMING_TYPES = {
  sse: 'text/event-stream',
  ndjson: 'application/x-ndjson',
  'aws-event-stream': 'application/vnd.amazon.eventstream',
} as const;
