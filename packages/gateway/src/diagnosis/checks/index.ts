import type { Check } from '../check.ts';
import { accessRefused } from './access-refused.ts';
import { accountCredentials } from './account-credentials.ts';
import { accountRests } from './account-rests.ts';
import { accountsAvailable } from './accounts-available.ts';
import { callsFailing } from './calls-failing.ts';
import { clockSkewed } from './clock-skewed.ts';
import { diskSpace } from './disk-space.ts';
import { filesOpenToOthers } from './files-open-to-others.ts';
import { filesSettingsOpen } from './files-settings-open.ts';
import { latencyUnusual } from './latency-unusual.ts';
import { limitsNear } from './limits-near.ts';
import { logUsage } from './log-usage.ts';
import { logWriters } from './log-writers.ts';
import { modelsListed } from './models-listed.ts';
import { oauthSignIns } from './oauth-sign-ins.ts';
import { oauthTokens } from './oauth-tokens.ts';
import { processStrained } from './process-strained.ts';
import { promptCacheBroken } from './prompt-cache-broken.ts';
import { providerConnection } from './provider-connection.ts';
import { providerRows } from './provider-rows.ts';
import { proxiesFit } from './proxies-fit.ts';
import { redisKeys } from './redis-keys.ts';
import { redisLocks } from './redis-locks.ts';
import { redisUnusable } from './redis-unusable.ts';
import { registryBehind } from './registry-behind.ts';
import { releaseRuntime } from './release-runtime.ts';
import { replicaDrift } from './replica-drift.ts';
import { requestsRejected } from './requests-rejected.ts';
import { rotationStuck } from './rotation-stuck.ts';
import { settingsAuthorities } from './settings-authorities.ts';
import { settingsFirstPassword } from './settings-first-password.ts';
import { settingsPictures } from './settings-pictures.ts';
import { settingsPublic } from './settings-public.ts';
import { settingsWeak } from './settings-weak.ts';
import { storeBackups } from './store-backups.ts';
import { storeConnections } from './store-connections.ts';
import { storePool } from './store-pool.ts';
import { storeQueriesSlow } from './store-queries-slow.ts';
import { storeRetention } from './store-retention.ts';
import { storeSchema } from './store-schema.ts';
import { storeUnusable } from './store-unusable.ts';
import { systemMemoryGrows } from './system-memory-grows.ts';
import { templatesPresent } from './templates-present.ts';
import { translationFidelity } from './translation-fidelity.ts';

/** Every check, in the order of the files' names; a test holds that none is missing. */
export const CHECKS: readonly Check[] = [
  accessRefused,
  accountCredentials,
  accountRests,
  accountsAvailable,
  callsFailing,
  clockSkewed,
  diskSpace,
  filesOpenToOthers,
  filesSettingsOpen,
  latencyUnusual,
  limitsNear,
  logUsage,
  logWriters,
  modelsListed,
  oauthSignIns,
  oauthTokens,
  processStrained,
  promptCacheBroken,
  providerConnection,
  providerRows,
  proxiesFit,
  redisKeys,
  redisLocks,
  redisUnusable,
  registryBehind,
  releaseRuntime,
  replicaDrift,
  requestsRejected,
  rotationStuck,
  settingsAuthorities,
  settingsFirstPassword,
  settingsPictures,
  settingsPublic,
  settingsWeak,
  storeBackups,
  storeConnections,
  storePool,
  storeQueriesSlow,
  storeRetention,
  storeSchema,
  storeUnusable,
  systemMemoryGrows,
  templatesPresent,
  translationFidelity,
];
