/** One event of an answer that comes event by event. */
export interface ToldEvent {
  readonly name: string;
  /** What it carries, read from JSON. */
  readonly data: unknown;
}

/** The events of a body as they come; signs of life are passed over. Whoever stops early closes the body. */
export async function* eventsIn(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<ToldEvent> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  try {
    for (;;) {
      // One piece after the other: that is what a stream is.
      // oxlint-disable-next-line no-await-in-loop
      const { done, value } = await reader.read();
      if (done) return;
      const frames = (rest + value).split('\n\n');
      rest = frames.pop() ?? '';
      for (const frame of frames) yield* eventOf(frame);
    }
  } finally {
    // What it was closed for is known already.
    reader.cancel().catch(() => undefined);
  }
}

function* eventOf(frame: string): Generator<ToldEvent> {
  const lines = frame.split('\n');
  const textOf = (field: string): string | undefined =>
    lines
      .find((line) => line.startsWith(`${field}:`))
      ?.slice(field.length + 1)
      .trimStart();
  const data = textOf('data');
  if (data !== undefined) yield { name: textOf('event') ?? 'message', data: JSON.parse(data) };
}
