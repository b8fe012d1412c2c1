export * from './kit/index.ts';
export type { ChatTool as Tool, ChatToolCall as ToolCall, ChatToolChoice as ToolChoice } from './kit/chat-tool.ts';
export type { ChatUsage as Usage } from './kit/chat-stream.ts';
