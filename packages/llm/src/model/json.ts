/** Any JSON value as `JSON.parse` returns it. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object. A member may be `undefined` in our hands; it is then absent on the wire. */
export interface JsonObject {
  readonly [member: string]: Json | undefined;
}
