import type { Extras } from '../../model/extras.ts';
import type { JsonObject } from '../../model/json.ts';
import type { Part } from '../../model/part.ts';
import { booleanOf, compact, objectOf, textOf } from '../../wire/read.ts';

/** Name under which our own members stand in `providerMetadata` and `providerOptions`. */
export const OURS = 'patchbay';

/** Metadata or options of the AI SDK, by provider. */
export type PerProvider = Readonly<Record<string, JsonObject>>;

/** What a part has that the AI SDK has no place for; it goes out as metadata and comes back as options. */
export interface Kept {
  readonly signature?: string;
  readonly redacted?: string;
  readonly extras?: Extras;
  readonly refusal?: true;
  /** A part that is kept whole. */
  readonly part?: Part;
}

/** Metadata that carries what is kept; no member where nothing is. */
export function keptMetadata(kept: {
  readonly [Name in keyof Kept]: Kept[Name] | undefined;
}): { readonly providerMetadata?: Record<string, JsonObject> } {
  // Cast: every member of `Kept` is JSON.
  const ours = compact(kept as unknown as JsonObject);
  return Object.keys(ours).length === 0 ? {} : { providerMetadata: { [OURS]: ours } };
}

/** What was kept of a part, read from the options that come back with it. Signatures of Anthropic's own provider count. */
export function keptOf(options: PerProvider | undefined): Kept {
  const ours = objectOf(options?.[OURS]) ?? {};
  const anthropic = objectOf(options?.['anthropic']) ?? {};
  const signature = textOf(ours['signature']) ?? textOf(anthropic['signature']);
  const redacted = textOf(ours['redacted']) ?? textOf(anthropic['redactedData']);
  const extras = objectOf(ours['extras']);
  const part = objectOf(ours['part']);
  return {
    ...(signature !== undefined && { signature }),
    ...(redacted !== undefined && { redacted }),
    // Casts: written by `keptMetadata`.
    ...(extras !== undefined && { extras: extras as Extras }),
    ...(part !== undefined && { part: part as unknown as Part }),
    ...(booleanOf(ours['refusal']) === true && { refusal: true }),
  };
}

/** A prompt-cache breakpoint among the options, ours or as Anthropic's own provider has it. */
export function breakpointOf(options: PerProvider | undefined): { readonly cacheControl?: JsonObject } {
  const anthropic = objectOf(options?.['anthropic']);
  const found =
    objectOf(options?.[OURS]?.['cacheControl']) ??
    objectOf(anthropic?.['cacheControl']) ??
    objectOf(anthropic?.['cache_control']);
  return found === undefined ? {} : { cacheControl: found };
}
