/** A server whose clock was asked. */
export interface DateSource {
  /** As it is named to people, e.g. `provider openai`. */
  readonly name: string;
  /** How far its clock goes ahead of ours, in milliseconds. */
  readonly aheadMs: number;
  /** How far off that may be, in milliseconds: dates of HTTP are whole seconds, and the way takes its time. */
  readonly giveOrTakeMs: number;
}

/** What the `Date` of an answer says of a clock; `undefined` where it is none. */
export function clockByDate(
  name: string,
  date: string,
  { sentMs, receivedMs }: { readonly sentMs: number; readonly receivedMs: number },
): DateSource | undefined {
  const dateMs = Date.parse(date);
  if (Number.isNaN(dateMs)) return undefined;
  const aheadMs = dateMs + 500 - (sentMs + receivedMs) / 2;
  return { name, aheadMs, giveOrTakeMs: 500 + (receivedMs - sentMs) / 2 };
}
