/** A type with nothing left out, however deep: lists of what can be said are complete when they fit it. */
export type Whole<T> = T extends readonly (infer Item)[]
  ? readonly Whole<Item>[]
  : T extends object
    ? { readonly [Name in keyof T]-?: Whole<NonNullable<T[Name]>> }
    : T;

/** One whole member of a union for each of its types. */
export type ByType<Union extends { type: string }> = {
  readonly [Type in Union['type']]: Whole<Extract<Union, { type: Type }>>;
};
