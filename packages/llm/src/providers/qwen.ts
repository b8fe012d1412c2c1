import { defineProvider } from './define-provider.ts';

/**
 * DashScope's international OpenAI-compatible endpoint. It understands `cache_control` on parts as its explicit
 * cache.
 */
export const qwen = defineProvider({
  id: 'qwen',
  name: 'Qwen (Alibaba Cloud Model Studio)',
  source: 'https://www.alibabacloud.com/help/en/model-studio/compatibility-of-openai-with-dashscope',
  baseUrl: 'https://dashscope-intl.aliyuncs.com/compatible-mode/v1',
  auth: [{ kind: 'bearer', env: 'QWEN_API_KEY' }],
  speaks: [
    {
      format: 'openai-chat',
      path: '/chat/completions',
      dialect: {
        reasoningField: 'reasoning_content',
        maxTokensField: 'max_tokens',
        developerRole: false,
        cacheControl: true,
      },
    },
  ],
  envPrefix: 'QWEN',
  models: { listPath: '/models' },
  serves: {
    embeddings: { path: '/embeddings' },
  },
  modelPrefixes: ['qwen', 'qwq-'],
});
