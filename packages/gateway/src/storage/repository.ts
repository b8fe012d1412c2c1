/** Which rows of a list, and how many. */
export interface PageRequest<R> {
  /** Members that must equal the given value, or one of several. */
  readonly where?: { readonly [Name in keyof R]?: R[Name] | readonly R[Name][] };
  /** Bounds of members, both inclusive. */
  readonly between?: { readonly [Name in keyof R]?: { readonly least?: R[Name]; readonly most?: R[Name] } };
  /** Members of JSON members that must be true, such as `{ capabilities: ['supportsTools'] }`. */
  readonly holds?: { readonly [Name in keyof R]?: readonly string[] };
  /** Text that one of the searched columns must contain, whatever its letter case. */
  readonly search?: string;
  /** One of the resource's `sortable` members. Default: its first. */
  readonly sortBy?: keyof R & string;
  /** Default `asc`. Rows that are equal in `sortBy` follow their ids. */
  readonly sortOrder?: 'asc' | 'desc';
  /** Most rows of this page, 1 to 1,000. */
  readonly limit: number;
  /** Where the page begins: the `next` of the one before. Costs the same on any page; not together with `offset`. */
  readonly after?: string;
  /** Rows to pass over, for numbered pages. Default 0. */
  readonly offset?: number;
}

/** One page of a list. */
export interface Page<R> {
  readonly items: readonly R[];
  /** Rows that match, on all pages. */
  readonly total: number;
  /** Cursor of the next page; absent on the last. */
  readonly next?: string;
}

/** What became of a row that was to be added. `duplicate`: a row with the same id or unique name is there. */
export type Inserted<R> = { readonly kind: 'inserted'; readonly row: R } | { readonly kind: 'duplicate' };

/**
 * What became of a change. `conflict`: somebody else was faster, and `current` is what is there now. `duplicate`: the
 * new unique name is another row's.
 */
export type Changed<R> =
  | { readonly kind: 'changed'; readonly row: R }
  | { readonly kind: 'conflict'; readonly current: R }
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'missing' };

/** What became of a row that was to be removed. */
export type Removed<R> =
  | { readonly kind: 'removed' }
  | { readonly kind: 'conflict'; readonly current: R }
  | { readonly kind: 'missing' };

/** Rows that are added and read. Every method rejects with `StorageUnavailable` when the store does not answer. */
export interface Journal<R extends { readonly id: string }> {
  get(id: string): Promise<R | undefined>;
  page(request: PageRequest<R>): Promise<Page<R>>;
  /** Every row that matches, in the order of ids. */
  all(where?: PageRequest<R>['where']): Promise<readonly R[]>;
  insert(row: NewRow<R>): Promise<Inserted<R>>;
  /** Adds all rows or, where one is a duplicate, passes that one over; resolves to how many were added. */
  insertMany(rows: readonly NewRow<R>[]): Promise<number>;
}

/** Rows that are changed, too. */
export interface Repository<R extends { readonly id: string; readonly version: number }> extends Journal<R> {
  /**
   * Sets the given members; `undefined` empties an optional one. With `expected` the change is made only to that
   * version, without it whatever happened since.
   */
  update(id: string, changes: Changes<R>, expected?: number): Promise<Changed<R>>;
  remove(id: string, expected?: number): Promise<Removed<R>>;
  /** Ids of all rows. */
  ids(): Promise<ReadonlySet<string>>;
  /** Rows written at `sinceMs`, in milliseconds since 1970, or later, oldest first. Costs what it brings. */
  changedSince(sinceMs: number): Promise<readonly R[]>;
}

/** A row as it is added: its version is the store's. */
export type NewRow<R> = Omit<R, 'version'>;

/** Members to set. `updatedAtMs` is the time of the store's clock unless it is given. */
export type Changes<R> = {
  readonly [Name in Exclude<keyof R, 'id' | 'version' | 'createdAtMs'>]?: R[Name] | undefined;
};
