/** Times that the overview looks back over. */
export const SPANS = [
  { value: '1h', label: '1 h', ms: 3_600_000 },
  { value: '24h', label: '24 h', ms: 86_400_000 },
  { value: '7d', label: '7 d', ms: 7 * 86_400_000 },
  { value: '30d', label: '30 d', ms: 30 * 86_400_000 },
] as const;

/** One of them. */
export type Span = (typeof SPANS)[number];

/** The span of that name; a day where there is none of it. */
export const spanOf = (name: string | undefined): Span => SPANS.find(({ value }) => value === name) ?? SPANS[1];
