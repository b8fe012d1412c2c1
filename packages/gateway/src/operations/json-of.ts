import type { JsonObject } from '@patchbay/llm/model/json';

/** An object that validation let through, as JSON: it was read from JSON, so it is that already. */
export const jsonOf = (value: object): JsonObject => value as unknown as JsonObject;
