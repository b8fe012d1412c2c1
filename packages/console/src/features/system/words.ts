import type { ServiceState } from '@patchbay/contract/resources/system';

import type { Tone } from '../../components/ui/badge.tsx';

/** How often what the page shows is asked for anew, in milliseconds. */
export const REFRESH_MS = 5000;

/** Colour of a state. */
export const STATE_TONES: Readonly<Record<ServiceState['status'], Tone>> = {
  up: 'good',
  degraded: 'warn',
  down: 'bad',
};

/** What the parts of the system are called, and what each is for. */
export const PARTS = [
  { name: 'api', label: 'Interfaces', about: 'Calls and management.' },
  { name: 'database', label: 'Store', about: 'Providers, users, keys and the log.' },
  { name: 'redis', label: 'Coordination', about: 'Limits, locks and news between processes.' },
  { name: 'storage', label: 'Files', about: 'Backups and pictures.' },
  { name: 'llm', label: 'Providers', about: 'As their last checks went.' },
] as const;

/** What is made and remembered, and can be forgotten. */
export const CACHES = [
  { endpoint: 'outline', label: 'Outlines' },
  { endpoint: 'slides', label: 'Slides' },
  { endpoint: 'images', label: 'Pictures' },
  { endpoint: 'responses', label: 'Answers' },
] as const;
