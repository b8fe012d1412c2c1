import type { Clock } from '@patchbay/llm/model/clock';
import { redactMember } from '@patchbay/llm/transport/redact-text';
import { zipSync } from 'fflate';

/** What a support bundle is made of. */
export interface BundleParts {
  /**
   * Files by name. What a `.json` one gives is written as JSON, anything else as text. Each is gathered by itself: one
   * that fails or hangs is named in `errors.json`, and the others are there.
   */
  readonly sections: Readonly<Record<string, () => unknown>>;
  /** Takes out secrets that are known, in whatever text. */
  readonly scrub: (text: string) => string;
  readonly clock: Clock;
  /** Longest wait for one section, in milliseconds. Default 15,000. */
  readonly sectionMs?: number;
}

const SECTION_MS = 15_000;

/** A ZIP archive of the sections without anything that looks like a credential, and without secrets that are known. */
export async function makeBundle(parts: BundleParts): Promise<Buffer> {
  const { sections, scrub, clock, sectionMs = SECTION_MS } = parts;
  const errors: Record<string, string> = {};
  const files = await Promise.all(
    Object.entries(sections).map(async ([name, gather]): Promise<readonly (readonly [string, Uint8Array])[]> => {
      try {
        const value = await within(Promise.resolve().then(gather), clock, sectionMs);
        return [[name, written(name, value, scrub)]];
      } catch (error) {
        errors[name] = error instanceof Error ? error.message : String(error);
        return [];
      }
    }),
  );
  const entries = [...files.flat(), ['errors.json', written('errors.json', errors, scrub)] as const];
  return Buffer.from(zipSync(Object.fromEntries(entries), { mtime: clock.nowMs() }));
}

async function within<T>(work: Promise<T>, clock: Clock, longestMs: number): Promise<T> {
  const over = new AbortController();
  const late = clock.sleep(longestMs, over.signal).then(() => LATE);
  const done = await Promise.race([work, late]).finally(() => over.abort());
  if (typeof done === 'symbol') throw new Error(`It was not there within ${longestMs} ms.`);
  return done;
}

const LATE: unique symbol = Symbol('late');

/** Texts are cleaned before they are encoded, so that cleaning cannot break what they stand in. */
function written(name: string, value: unknown, scrub: (text: string) => string): Uint8Array {
  const clean = (member: string, text: string): string => scrub(redactMember(member, text));
  if (!name.endsWith('.json')) return Buffer.from(clean('', String(value)));
  const seen = (member: string, each: unknown): unknown => {
    if (typeof each === 'string') return clean(member, each);
    if (typeof each === 'bigint') return String(each);
    return each instanceof Map ? Object.fromEntries(each) : each;
  };
  return Buffer.from(`${JSON.stringify(value ?? null, seen, 2)}\n`);
}
