import type { Model } from '@patchbay/contract/resources/model';

import type { Tone } from '../../components/ui/badge.tsx';

/** What a model can do or cannot. */
export const ABILITIES = [
  ['supportsStreaming', 'Streaming'],
  ['supportsSystemMessages', 'System messages'],
  ['supportsTools', 'Tools'],
  ['supportsFunctionCalling', 'Function calling'],
  ['supportsVision', 'Images in'],
  ['supportsAudio', 'Audio'],
  ['supportsImageGeneration', 'Images out'],
  ['supportsCodeExecution', 'Code execution'],
] as const satisfies readonly (readonly [keyof Model['capabilities'], string])[];

/** Name of an ability. */
export type Ability = (typeof ABILITIES)[number][0];

/** Colour of a status. */
export const STATUS_TONES: Readonly<Record<Model['status'], Tone>> = {
  active: 'good',
  inactive: 'neutral',
  deprecated: 'warn',
};

/** What somebody else sees once a model has changed. */
export const STALE = ['models.list', 'models.get', 'providers.list', 'providers.get', 'audit.list'] as const;

/** The API tells prices of a thousand tokens; people compare those of a million. */
export const MILLION_PER_THOUSAND = 1000;
