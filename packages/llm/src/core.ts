export type { Ask, AskMessage } from './client/ask.ts';
export type { CallCredential, CallOptions } from './client/call-options.ts';
export type { AttemptReport, CallCost } from './client/call-record.ts';
export type { Accounts, Keys, SharedOptions } from './client/client-options.ts';
export type { Client } from './client/client-of.ts';
export {
  carried,
  createCoreClient,
  type CarriedOptions,
  type CarriedProvider,
  type CoreClientOptions,
} from './client/create-core-client.ts';
export {
  generateObject,
  streamObject,
  type GeneratedObject,
  type ObjectOptions,
  type ObjectStream,
} from './client/generate-object.ts';
export type { Generated, ToolCall } from './client/generated.ts';
export { LlmError } from './client/llm-error.ts';
export { audio, file, image, type MediaInput, type MediaOptions } from './client/media-parts.ts';
export {
  runTools,
  streamTools,
  type ToolRun,
  type ToolRunEnd,
  type ToolRunEvent,
  type ToolRunOptions,
  type ToolStep,
} from './client/run-tools.ts';
export { costAbove, hasToolCall, stepCount, type StopCondition, type ToolProgress } from './client/stop-conditions.ts';
export type { GenerationStream } from './client/stream.ts';
export type { ToolOutcome } from './client/tool-results.ts';
export { Secret } from './credentials/secret.ts';
export type { StreamEvent } from './model/event.ts';
export type { Failure, FailureKind } from './model/failure.ts';
export type { Message } from './model/message.ts';
export type { CallObserver } from './model/observer.ts';
export type { Part } from './model/part.ts';
export type { Usage } from './model/usage.ts';
export { tool, type ToolContext, type TypedTool } from './tools/typed-tool.ts';
