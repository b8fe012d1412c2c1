import type { Check } from '../check.ts';
import { diskSpace } from './disk-space.ts';
import { filesOpenToOthers } from './files-open-to-others.ts';
import { processStrained } from './process-strained.ts';
import { settingsWeak } from './settings-weak.ts';

/** Every check, in the order of the files' names; a test holds that none is missing. */
export const CHECKS: readonly Check[] = [diskSpace, filesOpenToOthers, processStrained, settingsWeak];
