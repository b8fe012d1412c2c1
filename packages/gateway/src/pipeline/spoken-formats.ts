import type { Clock } from '@patchbay/llm/model/clock';
import type { WireFormatId } from '@patchbay/llm/model/extras';
import { objectOf, parseJson, textOf } from '@patchbay/llm/wire/read';
import type { Speaks } from '@patchbay/llm/providers/define-provider';
import { speechFor } from '@patchbay/llm/providers/speech-for';

import type { AttemptReport } from '../relay/relay-attempt.ts';
import type { ProviderRuntime } from './ports.ts';

/** How long a format that a server did not know is not tried there again, in milliseconds: servers are brought up to date. */
const FORGOTTEN_AFTER_MS = 600_000;
/** Servers told apart; more are not remembered. */
const KNOWN_MAX = 1000;
/** Longest refusal that is read, in bytes; what says that an address is unknown is short. */
const READ_MAX = 4096;

/** The statuses with which servers say that they have no such address. */
const NO_ADDRESS: readonly (number | undefined)[] = [404, 405, 501];
/** Words of refusals that are about what was asked for, and not about the address. */
const ABOUT_THE_REQUEST = /model|deployment|response_id|previous_response|project|permission/i;

/**
 * The wire formats in which providers are asked. A record says what a provider serves today; the server behind a base URL
 * may be older, or another, and know fewer addresses. One that it turned out not to know is passed over for ten minutes.
 */
export class SpokenFormats {
  readonly #clock: Clock;
  /** Until when, by server and format. */
  readonly #unknown = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The format to use for a model: the caller's own where it is spoken, else the record's first; if it has chats. */
  choose({ record, baseUrl }: ProviderRuntime, model: string, format: WireFormatId): Speaks | undefined {
    if (this.#unknown.size === 0) return speechFor(record, model, format);
    const speaks = record.speaks.filter((each) => !this.#isUnknown(baseUrl, each.format));
    return speechFor(speaks.length === 0 ? record : { speaks }, model, format);
  }

  /** Whether a provider is asked in this format for some of its models. */
  has({ record, baseUrl }: ProviderRuntime, format: WireFormatId): boolean {
    return record.speaks.some((each) => each.format === format) && !this.#isUnknown(baseUrl, format);
  }

  /**
   * Takes in how an attempt ended. True where the server does not know the address of this format and there is another one
   * to ask in, which `choose` gives from here on.
   */
  learns(runtime: ProviderRuntime, model: string, format: WireFormatId, report: AttemptReport): boolean {
    if (!isUnknownAddress(report)) return false;
    const { record, baseUrl } = runtime;
    const speaks = record.speaks.filter((each) => each.format !== format && !this.#isUnknown(baseUrl, each.format));
    if (speechFor({ speaks }, model) !== undefined && this.#unknown.size < KNOWN_MAX) {
      this.#unknown.set(keyOf(baseUrl, format), this.#clock.monotonicMs() + FORGOTTEN_AFTER_MS);
      return true;
    }
    // It knows no address at all, so the base URL is wrong, and it is no format that is missing.
    for (const each of record.speaks) this.#unknown.delete(keyOf(baseUrl, each.format));
    return false;
  }

  #isUnknown(baseUrl: string, format: WireFormatId): boolean {
    const until = this.#unknown.get(keyOf(baseUrl, format));
    if (until === undefined) return false;
    if (this.#clock.monotonicMs() < until) return true;
    this.#unknown.delete(keyOf(baseUrl, format));
    return false;
  }
}

const keyOf = (baseUrl: string, format: WireFormatId): string => `${format} ${baseUrl}`;

/** Vendors say which model or answer they do not have; a server without the address says less, often not even in JSON. */
function isUnknownAddress({ committed, failure, raw }: AttemptReport): boolean {
  if (committed || failure === undefined || raw === undefined || !NO_ADDRESS.includes(raw.status)) return false;
  if (raw.body.length > READ_MAX) return false;
  const text = raw.body.toString();
  const error = objectOf(objectOf(parseJson(text))?.['error']);
  return textOf(error?.['param']) === undefined && !ABOUT_THE_REQUEST.test(text);
}
