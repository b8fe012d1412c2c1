import { defineFeature } from '../scenario.ts';

export const error403 = defineFeature({
  id: 'error-403',
  title: 'Error 403',
  kind: 'refusal',
  refusal: { status: 403, kind: 'permission', message: 'This account may not use the model.' },
});
