import { defineFeature } from '../scenario.ts';

export const error413 = defineFeature({
  id: 'error-413',
  title: 'Error 413',
  kind: 'refusal',
  refusal: { status: 413, kind: 'payload-too-large', message: 'The request is larger than the server takes.' },
});
