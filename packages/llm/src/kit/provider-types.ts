import type { ProviderId } from '../providers/registry.ts';

/** What a factory makes providers of: a provider of the registry, or a name of one's own. */
export type ProviderType = ProviderId | (string & {});

/** How calls are signed. */
export type AuthMethod = 'api_key' | 'bearer_token' | 'oauth' | 'custom';

/** How tools are told to a model. */
export type ToolFormat = 'openai' | 'anthropic' | 'gemini' | 'xml' | 'hermes' | 'text';
