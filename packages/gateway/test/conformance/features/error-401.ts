import { defineFeature } from '../scenario.ts';

export const error401 = defineFeature({
  id: 'error-401',
  title: 'Error 401',
  kind: 'refusal',
  refusal: { status: 401, kind: 'authentication', message: 'This account has no valid key.' },
});
