/** The account that made an answer, and keeps it. */
export interface ResponseIssuer {
  readonly provider: string;
  readonly account: string;
}

/** Answers whose makers are remembered: the latest, in this process. */
const ISSUERS_MAX = 10_000;

/** Remembers who made the answers that providers keep themselves: nobody else can go on from them. */
export class ResponseIssuers {
  readonly #issuers = new Map<string, ResponseIssuer>();

  learn(keyId: string, id: string, issuer: ResponseIssuer): void {
    this.#issuers.set(keyOf(keyId, id), issuer);
    const [oldest] = this.#issuers.size > ISSUERS_MAX ? this.#issuers.keys() : [];
    if (oldest !== undefined) this.#issuers.delete(oldest);
  }

  /** Who made an answer for this key; `undefined` when nobody remembers. */
  find(keyId: string, id: string): ResponseIssuer | undefined {
    return this.#issuers.get(keyOf(keyId, id));
  }
}

const keyOf = (keyId: string, id: string): string => `${keyId} ${id}`;
