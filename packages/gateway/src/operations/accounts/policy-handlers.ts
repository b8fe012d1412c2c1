import type { ACCOUNT_POLICY_OPERATIONS } from '@patchbay/contract/operations/account-policies';
import type { AccountPolicy, AccountPolicyName } from '@patchbay/contract/resources/account-policy';
import type { Clock } from '@patchbay/llm/model/clock';

import type { AccountChooser } from '../../accounts/choose-account.ts';
import { rotationOf } from '../../registry/policy-table.ts';
import type { AccountPolicyRecord } from '../../storage/records.ts';
import { conflict } from '../change-row.ts';
import { done, refused, type Handler, type Handlers } from '../handler.ts';
import type { Rows } from '../ports.ts';
import { timestampOrNull } from '../timestamp.ts';
import { providerNotFound } from './failures.ts';
import type { AccountHosts } from './parts.ts';

/** What operations on policies need. */
export interface PolicyHandlerParts {
  readonly rows: Pick<Rows, 'accountPolicies'>;
  readonly chooser: Pick<AccountChooser, 'settled'>;
  readonly registry: Pick<AccountHosts, 'hostOf' | 'current'>;
  /** Makes what was written serve at once; without it, that takes up to a second. */
  readonly serveNow: () => Promise<void>;
  readonly clock: Clock;
}

type PolicyIds = keyof typeof ACCOUNT_POLICY_OPERATIONS;

/** How calls choose among the accounts of providers: administrators choose, else the settings say. */
export function policyHandlers(parts: PolicyHandlerParts): Handlers<PolicyIds> {
  const { rows, registry } = parts;
  return {
    'accountPolicies.list': async () => {
      const written = new Map((await rows.accountPolicies.all()).map((row) => [row.id, row]));
      const ids = new Set([...registry.current().runtimes.keys(), ...written.keys()]);
      const policies = [...ids].toSorted().map((id) => presented(parts, id, written.get(id)));
      return done({ policies, total: policies.length });
    },
    'accountPolicies.get': async ({ params: { provider } }) => {
      const row = await rows.accountPolicies.get(provider);
      if (row === undefined && registry.hostOf(provider) === undefined) return refused(providerNotFound(provider));
      return done(presented(parts, provider, row));
    },
    'accountPolicies.set': setPolicy(parts),
  };
}

const setPolicy =
  (parts: PolicyHandlerParts): Handler<'accountPolicies.set'> =>
  async ({ params: { provider }, body: { policy, version } }, { principal }) => {
    const before = await parts.rows.accountPolicies.get(provider);
    if (before === undefined && parts.registry.hostOf(provider) === undefined)
      return refused(providerNotFound(provider));
    if (version !== undefined && version !== versionOf(before)) return refused(conflict(versionOf(before)));
    const after = await write(parts, { provider, before, policy, by: principal?.id });
    if (after === 'conflict') return refused(conflict(versionOf(await parts.rows.accountPolicies.get(provider))));
    // It is written and must be reported as such; who follows the rows says itself what is wrong.
    await parts.serveNow().catch(() => undefined);
    return done(presented(parts, provider, after), {
      resource: 'account-policy',
      resourceId: provider,
      before: presented(parts, provider, before),
      after: presented(parts, provider, after),
    });
  };

interface Written {
  readonly provider: string;
  readonly before: AccountPolicyRecord | undefined;
  readonly policy: AccountPolicyName | null;
  readonly by: string | undefined;
}

/** Writes what was decided on exactly the row that was read. */
async function write(
  { rows: { accountPolicies }, clock }: PolicyHandlerParts,
  { provider, before, policy, by }: Written,
): Promise<AccountPolicyRecord | undefined | 'conflict'> {
  if (policy === null) {
    if (before === undefined) return undefined;
    return (await accountPolicies.remove(provider, before.version)).kind === 'conflict' ? 'conflict' : undefined;
  }
  if (before === undefined) {
    const nowMs = clock.nowMs();
    const times = { createdAtMs: nowMs, updatedAtMs: nowMs };
    const added = await accountPolicies.insert({ id: provider, policy, ...(by && { updatedBy: by }), ...times });
    return added.kind === 'inserted' ? added.row : 'conflict';
  }
  const changed = await accountPolicies.update(provider, { policy, updatedBy: by }, before.version);
  return changed.kind === 'changed' ? changed.row : 'conflict';
}

const versionOf = (row: AccountPolicyRecord | undefined): number => row?.version ?? 0;

function presented(
  { chooser }: PolicyHandlerParts,
  providerId: string,
  row: AccountPolicyRecord | undefined,
): AccountPolicy {
  const { whole, models } = chooser.settled(providerId);
  const chosen = rotationOf(row?.policy);
  return {
    provider_id: providerId,
    policy: chosen ?? whole?.rotation ?? null,
    source: chosen !== undefined ? 'administrator' : whole !== undefined ? 'setting' : 'default',
    setting: whole === undefined ? null : { name: whole.name, policy: whole.rotation },
    models: models.map(({ name, rotation }) => ({ model: name, policy: rotation })),
    updated_at: timestampOrNull(row?.updatedAtMs),
    updated_by: row?.updatedBy ?? null,
    version: versionOf(row),
  };
}
