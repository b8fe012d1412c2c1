import type { Answer, ClientId, Heard, Need, Said, Settings } from '../scenario.ts';

/** What one client is told to ask, in a conversation that it remembers itself. */
export interface Asking {
  readonly model: string;
  readonly settings: Settings;
  readonly said: Said;
  readonly stream: boolean;
  readonly signal?: AbortSignal;
  /** Hears the first words of a stream. */
  readonly onText?: (text: string) => void;
}

/** One conversation of an official client: it keeps its history as its own users do. */
export interface Talk {
  say(asking: Asking): Promise<Heard>;
}

/** An official client and the words its dialect lacks. */
export interface ClientSide {
  readonly id: ClientId;
  readonly lacks: Readonly<Partial<Record<Need, string>>>;
  /** Starts a conversation; `hear` is given every answer's body as the gateway sent it, where the client lets it be read. */
  talk(gatewayUrl: string, key: string, hear?: (body: string) => void): Talk;
  /** Status and words of what the client threw. */
  refused(error: unknown): { readonly status: number | undefined; readonly message: string };
}

/** A `fetch` that lets `hear` read every answer too. */
export const listening =
  (hear: (body: string) => void): typeof fetch =>
  async (input, init) => {
    const response = await fetch(input, init);
    const copy = response.clone();
    hear(await copy.text());
    return response;
  };

/** The spoken answer as the grid compares it. */
export const heardOf = (spoken: {
  readonly text: string;
  readonly reasoning: string;
  readonly calls: readonly { readonly name: string; readonly input: unknown }[];
  readonly finish: Answer['finish'];
  readonly usage: { readonly input: number; readonly cacheRead: number; readonly output: number } | undefined;
}): Heard => ({
  text: spoken.text,
  thought: spoken.reasoning,
  calls: spoken.calls.map(({ name, input }) => ({ name, input: input as never })),
  finish: spoken.finish,
  input: spoken.usage?.input ?? 0,
  cacheRead: spoken.usage?.cacheRead ?? 0,
  output: spoken.usage?.output ?? 0,
});
