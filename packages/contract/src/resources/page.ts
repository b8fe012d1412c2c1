import * as z from 'zod/mini';

/** A point in time, as `2026-11-21T09:30:00.000Z`. */
export const Timestamp = z.iso.datetime({ offset: true });

/** A positive whole number, written as a number or as its text in a query. */
const whole = (least: number, most: number): z.ZodMiniType<number, number | string> =>
  z.coerce.number<number | string>().check(z.int(), z.minimum(least), z.maximum(most));

/** Which page of a list: `page` from 1, `limit` 1 to 100 a page, 20 unless said. */
export const PageQuery = {
  page: z._default(whole(1, 1_000_000), 1),
  limit: z._default(whole(1, 100), 20),
};

/** Where a page of a list stands. */
export const Pagination = z.object({
  page: z.int(),
  limit: z.int(),
  total: z.int(),
  totalPages: z.int(),
});

/** A list with its page. */
export const pageOf = <Item extends z.ZodMiniType>(
  item: Item,
): z.ZodMiniObject<{ data: z.ZodMiniArray<Item>; pagination: typeof Pagination }> =>
  z.object({ data: z.array(item), pagination: Pagination });

/** A switch in a query: `true`, `false`, `1`, `0`. */
export const Flag = z.union([z.boolean(), z.stringbool({ truthy: ['true', '1'], falsy: ['false', '0'] })]);

/** Which end a list begins with. */
export const SortOrder = z.enum(['asc', 'desc']);

/** A done thing in one sentence. */
export const Done = z.object({ success: z.literal(true), message: z.string(), timestamp: Timestamp });

/** A path that names one thing by its id. */
export const ById = z.object({ id: z.string().check(z.minLength(1), z.maxLength(255)) });

/** A count in a query: how many entries, `least` to `most`. */
export const countQuery = (most: number, usual: number): z.ZodMiniDefault<z.ZodMiniType<number, number | string>> =>
  z._default(whole(1, most), usual);

/** How many entries to pass over. */
export const Offset = z._default(whole(0, Number.MAX_SAFE_INTEGER), 0);
