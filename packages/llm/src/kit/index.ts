export * from './chat-message.ts';
export * from './chat-stream.ts';
export * from './chat-tool.ts';
export * from './generate-options.ts';
export * from './provider-config.ts';
export * from './provider-types.ts';
export * from './provider.ts';
