import type { Check } from '../check.ts';
import { accessRefused } from './access-refused.ts';
import { accountCredentials } from './account-credentials.ts';
import { accountRests } from './account-rests.ts';
import { accountsAvailable } from './accounts-available.ts';
import { callsFailing } from './calls-failing.ts';
import { diskSpace } from './disk-space.ts';
import { filesOpenToOthers } from './files-open-to-others.ts';
import { limitsNear } from './limits-near.ts';
import { modelsListed } from './models-listed.ts';
import { oauthSignIns } from './oauth-sign-ins.ts';
import { oauthTokens } from './oauth-tokens.ts';
import { processStrained } from './process-strained.ts';
import { providerConnection } from './provider-connection.ts';
import { providerRows } from './provider-rows.ts';
import { proxiesFit } from './proxies-fit.ts';
import { requestsRejected } from './requests-rejected.ts';
import { rotationStuck } from './rotation-stuck.ts';
import { settingsWeak } from './settings-weak.ts';
import { templatesPresent } from './templates-present.ts';

/** Every check, in the order of the files' names; a test holds that none is missing. */
export const CHECKS: readonly Check[] = [
  accessRefused,
  accountCredentials,
  accountRests,
  accountsAvailable,
  callsFailing,
  diskSpace,
  filesOpenToOthers,
  limitsNear,
  modelsListed,
  oauthSignIns,
  oauthTokens,
  processStrained,
  providerConnection,
  providerRows,
  proxiesFit,
  requestsRejected,
  rotationStuck,
  settingsWeak,
  templatesPresent,
];
