import { defineFeature } from '../scenario.ts';

export const error429 = defineFeature({
  id: 'error-429',
  title: 'Error 429',
  kind: 'refusal',
  refusal: { status: 429, kind: 'rate-limit', message: 'Slow down, please.', wait: 7 },
});
