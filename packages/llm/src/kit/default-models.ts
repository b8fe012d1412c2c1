/** The models of calls that name none, where neither the call nor the config does. Other providers have none. */
const DEFAULT_MODELS: Readonly<Record<string, string>> = {
  openai: 'gpt-4o',
  anthropic: 'claude-sonnet-4-5',
  gemini: 'gemini-2.5-flash',
  qwen: 'qwen3-coder-flash',
  cerebras: 'zai-glm-4.6',
  openrouter: 'qwen/qwen3-coder',
  ollama: 'llama3.1:8b',
  deepseek: 'deepseek-chat',
  mistral: 'mistral-large-latest',
  simulator: 'echo',
};

/** The provider's own default model; empty where there is none, and the call or the config must name one. */
export const defaultModelOf = (type: string): string =>
  Object.hasOwn(DEFAULT_MODELS, type) ? (DEFAULT_MODELS[type] ?? '') : '';
