/** Which page a list was asked for. */
export interface AskedPage {
  readonly page: number;
  readonly limit: number;
}

/** What was asked for as the storage counts. */
export const windowOf = ({ page, limit }: AskedPage): { limit: number; offset: number } => ({
  limit,
  offset: (page - 1) * limit,
});

/** Where a page stands in its list. */
export const paginationOf = ({ page, limit }: AskedPage, total: number) => ({
  page,
  limit,
  total,
  totalPages: Math.ceil(total / limit),
});
