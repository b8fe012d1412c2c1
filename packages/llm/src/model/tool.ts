import type { Extras, WireFormatId } from './extras.ts';
import type { Json, JsonObject } from './json.ts';
import type { CacheControl } from './part.ts';

/** A function the model may call. `inputSchema` is JSON Schema, verbatim. */
export interface FunctionTool {
  readonly type: 'function';
  readonly name: string;
  readonly description?: string;
  readonly inputSchema?: JsonObject;
  readonly strict?: boolean;
  readonly cacheControl?: CacheControl;
  readonly extras?: Extras;
}

/** A tool that the vendor runs or defines (web search, code execution, custom grammar …), kept whole. */
export interface VendorTool {
  readonly type: 'vendor';
  readonly format: WireFormatId;
  readonly kind: string;
  readonly value: Json;
  /** Where its own format had it, when that was not simply among the tools. */
  readonly extras?: Extras;
}

/** What a request offers the model to call. */
export type Tool = FunctionTool | VendorTool;

/** Which tool the model must, may or must not use. */
export type ToolChoice =
  | { readonly type: 'auto' }
  | { readonly type: 'none' }
  | { readonly type: 'required' }
  | { readonly type: 'tool'; readonly name: string };
