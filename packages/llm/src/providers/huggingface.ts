import { defineProvider } from './define-provider.ts';

/** Hugging Face's router to many hosts of open models. A host is chosen behind a colon: `openai/gpt-oss-120b:groq`. */
export const huggingface = defineProvider({
  id: 'huggingface',
  name: 'Hugging Face',
  source: 'https://huggingface.co/docs/inference-providers/index',
  baseUrl: 'https://router.huggingface.co/v1',
  auth: [{ kind: 'bearer', env: 'HUGGINGFACE_API_KEY' }],
  speaks: [
    {
      format: 'openai-chat',
      path: '/chat/completions',
      dialect: { maxTokensField: 'max_tokens', developerRole: false },
    },
    { format: 'openai-responses', path: '/responses' },
  ],
  envPrefix: 'HUGGINGFACE',
  models: { listPath: '/models' },
});
