import { defineFeature } from '../scenario.ts';

export const error404 = defineFeature({
  id: 'error-404',
  title: 'Error 404',
  kind: 'refusal',
  refusal: { status: 404, kind: 'not-found', message: 'There is no such model here.' },
});
