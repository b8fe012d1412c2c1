/** One body as it is kept. Text without credentials, or none where the bytes were no text. */
export interface KeptBody {
  readonly text?: string;
  /** Length of the whole body, in bytes. */
  readonly bytes: number;
  /** True when the text is only its beginning. */
  readonly truncated: boolean;
}

/** What one attempt sent upstream and got back. */
export interface KeptExchange {
  readonly attempt: number;
  readonly provider: string;
  readonly account: string;
  readonly request: KeptBody;
  readonly response: KeptBody;
}

/** The bodies of one call. */
export interface KeptPayloads {
  readonly requestId: string;
  /** When the call came in, in milliseconds since 1970. */
  readonly atMs: number;
  readonly route: string;
  readonly state: string;
  readonly clientRequest: KeptBody;
  readonly clientResponse: KeptBody;
  readonly exchanges: readonly KeptExchange[];
}

/** A body on its way to where it is kept. */
export interface BodyToKeep {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly length: number;
  readonly isCut: boolean;
}

/** A call on its way to where it is kept. */
export interface CallToKeep extends Pick<KeptPayloads, 'requestId' | 'atMs' | 'route' | 'state'> {
  readonly clientRequest: BodyToKeep;
  readonly clientResponse: BodyToKeep;
  readonly exchanges: readonly (Pick<KeptExchange, 'attempt' | 'provider' | 'account'> & {
    readonly request: BodyToKeep;
    readonly response: BodyToKeep;
  })[];
}

/** What the writing thread is started with. */
export interface PayloadThreadStart {
  readonly folder: string;
  /** Longest text that is kept of a body, in bytes. */
  readonly bytesMax: number;
}

/** What the writing thread is asked. */
export interface PayloadToWrite {
  readonly id: number;
  readonly call: CallToKeep;
}

/** What it answers: with an error where the call was not written. */
export interface PayloadWritten {
  readonly id: number;
  readonly error?: string;
}

/**
 * Bytes that are held beyond what is kept of a body. The end of a cut text may be the beginning of a credential that no
 * pattern knows by its beginning alone: so much is thrown away after everything known was hidden.
 */
export const CUT_MARGIN_BYTES = 1024;
