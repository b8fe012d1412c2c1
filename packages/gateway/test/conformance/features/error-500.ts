import { defineFeature } from '../scenario.ts';

export const error500 = defineFeature({
  id: 'error-500',
  title: 'Error 5xx',
  kind: 'refusal',
  refusal: { status: 500, kind: 'upstream', message: 'Something broke inside.' },
  statusFor: { 'openai-chat': 502, 'openai-responses': 502, 'anthropic-messages': 502, gemini: 502 },
});
