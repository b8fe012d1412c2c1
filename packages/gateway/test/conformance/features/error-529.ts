import { defineFeature } from '../scenario.ts';

export const error529 = defineFeature({
  id: 'error-529',
  title: 'Error 529',
  kind: 'refusal',
  refusal: { status: 529, kind: 'overloaded', message: 'Too many people ask at once.' },
  statusFor: { 'openai-chat': 503, 'openai-responses': 503, gemini: 503 },
});
