import type { JsonObject } from '../model/json.ts';

/** A function that the model may call. `inputSchema` is JSON Schema. */
export interface ChatTool {
  readonly name: string;
  readonly description?: string;
  readonly inputSchema?: JsonObject;
}

/** Which tool the model must, may or must not call. `specific` needs `functionName`. */
export interface ChatToolChoice {
  readonly mode: 'auto' | 'required' | 'none' | 'specific';
  readonly functionName?: string;
}

/** A call that the model asks for. In a stream's pieces `id` and `name` come once, `arguments` bit by bit. */
export interface ChatToolCall {
  readonly id: string;
  readonly type: 'function';
  readonly function: {
    readonly name: string;
    /** JSON text as the model wrote it; it may be invalid. */
    readonly arguments: string;
  };
  /** Place among the calls of one answer, from 0; given in pieces of a stream. */
  readonly index?: number;
  readonly metadata?: Readonly<Record<string, unknown>>;
}
