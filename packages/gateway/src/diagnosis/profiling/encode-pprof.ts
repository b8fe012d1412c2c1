import { gzipSync } from 'node:zlib';

import { redactText } from '@patchbay/llm/transport/redact-text';

/** What a number of a sample means: `cpu` in `nanoseconds`, `inuse_space` in `bytes`. */
export interface ValueType {
  readonly type: string;
  readonly unit: string;
}

/** Where a program was. */
export interface ProfileFrame {
  readonly name: string;
  readonly file: string;
  /** From 1; 0 where it is not known. */
  readonly line: number;
}

/** One stack with its numbers, one for each type of the profile. */
export interface ProfileSample {
  /** The innermost first. */
  readonly frames: readonly ProfileFrame[];
  readonly values: readonly number[];
}

/** A profile, whatever was measured. */
export interface Profile {
  readonly types: readonly ValueType[];
  readonly samples: readonly ProfileSample[];
  readonly atMs: number;
  /** How long was measured; absent for a state. */
  readonly durationMs?: number;
  /** One sample stands for so much. */
  readonly period: ValueType & { readonly every: number };
}

/**
 * A profile as `go tool pprof` and its like read it, compressed. Nothing that looks like a credential gets into its names.
 * https://github.com/google/pprof/blob/main/proto/profile.proto
 */
export function encodePprof(profile: Profile): Buffer {
  const table = new Table();
  const out = new Writer();
  for (const each of profile.types) out.message(FIELD.sampleType, typeOf(each, table));
  for (const { frames, values } of profile.samples) {
    const locations = frames.map((frame) => table.location(frame));
    out.message(FIELD.sample, new Writer().packed(1, locations).packed(2, values));
  }
  table.write(out);
  out.number(FIELD.timeNanos, profile.atMs * NANOS_PER_MS);
  if (profile.durationMs !== undefined) out.number(FIELD.durationNanos, profile.durationMs * NANOS_PER_MS);
  out.message(FIELD.periodType, typeOf(profile.period, table)).number(FIELD.period, profile.period.every);
  // Last, because everything above adds to it.
  for (const text of table.strings) out.bytes(FIELD.stringTable, Buffer.from(text));
  return gzipSync(out.done());
}

const NANOS_PER_MS = 1_000_000;
const FIELD = {
  sampleType: 1,
  sample: 2,
  location: 4,
  function: 5,
  stringTable: 6,
  timeNanos: 9,
  durationNanos: 10,
  periodType: 11,
  period: 12,
} as const;

const typeOf = ({ type, unit }: ValueType, table: Table): Writer =>
  new Writer().number(1, table.string(type)).number(2, table.string(unit));

interface Numbered {
  readonly id: number;
  readonly message: Writer;
}

/** Everything that samples refer to by number. */
class Table {
  /** The empty text comes first. */
  readonly strings: string[] = [''];
  readonly #numbers = new Map<string, number>([['', 0]]);
  readonly #functions = new Map<string, Numbered>();
  readonly #locations = new Map<string, Numbered>();

  string(text: string): number {
    const safe = redactText(text);
    const known = this.#numbers.get(safe);
    if (known !== undefined) return known;
    this.#numbers.set(safe, this.strings.length);
    return this.strings.push(safe) - 1;
  }

  /** Number of a place, from 1. */
  location({ name, file, line }: ProfileFrame): number {
    const functionId = this.#numberIn(this.#functions, `${name}\n${file}`, (id) =>
      new Writer().number(1, id).number(2, this.string(name)).number(3, this.string(name)).number(4, this.string(file)),
    );
    return this.#numberIn(this.#locations, `${functionId}:${line}`, (id) =>
      new Writer().number(1, id).message(4, new Writer().number(1, functionId).number(2, line)),
    );
  }

  #numberIn(all: Map<string, Numbered>, key: string, make: (id: number) => Writer): number {
    const known = all.get(key);
    if (known !== undefined) return known.id;
    const id = all.size + 1;
    all.set(key, { id, message: make(id) });
    return id;
  }

  write(out: Writer): void {
    for (const { message } of this.#locations.values()) out.message(FIELD.location, message);
    for (const { message } of this.#functions.values()) out.message(FIELD.function, message);
  }
}

const VARINT = 0;
const LENGTH_DELIMITED = 2;

/** Writes the few kinds of protocol buffer fields that there are here. */
class Writer {
  readonly #bytes: number[] = [];
  readonly #pieces: Buffer[] = [];

  number(field: number, value: number): this {
    this.#varint(field * 8 + VARINT);
    this.#varint(value);
    return this;
  }

  packed(field: number, values: readonly number[]): this {
    const inner = new Writer();
    for (const value of values) inner.#varint(value);
    return this.bytes(field, inner.done());
  }

  message(field: number, message: Writer): this {
    return this.bytes(field, message.done());
  }

  bytes(field: number, bytes: Buffer): this {
    this.#varint(field * 8 + LENGTH_DELIMITED);
    this.#varint(bytes.length);
    this.#flush();
    this.#pieces.push(bytes);
    return this;
  }

  done(): Buffer {
    this.#flush();
    return Buffer.concat(this.#pieces);
  }

  #varint(value: number): void {
    let left = BigInt(Math.max(0, Math.round(value)));
    while (left >= 0x80n) {
      this.#bytes.push(Number(left & 0x7fn) | 0x80);
      left >>= 7n;
    }
    this.#bytes.push(Number(left));
  }

  #flush(): void {
    if (this.#bytes.length > 0) this.#pieces.push(Buffer.from(this.#bytes.splice(0)));
  }
}
