import { defineFeature } from '../scenario.ts';

export const cancel = defineFeature({ id: 'cancel', title: 'Cancel', kind: 'cancelled', text: 'It goes on' });
