import { defineFeature } from '../scenario.ts';

export const error400 = defineFeature({
  id: 'error-400',
  title: 'Error 400',
  kind: 'refusal',
  refusal: { status: 400, kind: 'invalid-request', message: 'messages: a value of this request is wrong' },
});
