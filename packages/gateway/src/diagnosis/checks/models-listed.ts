import type { ProviderRuntime } from '../../pipeline/ports.ts';
import type { ModelRecord } from '../../storage/records.ts';
import { defineCheck, type Found } from '../check.ts';
import type { Prober } from '../probe/prober.ts';
import { wayOf } from '../probe/row-prober.ts';
import { sideBySide } from '../side-by-side.ts';

const AT_ONCE = 12;

/** Models that rows name against what their providers say themselves. */
export const modelsListed = defineCheck({
  id: 'models-listed',
  title: 'Whether providers still have the models that are named here, with what is claimed of them',
  codes: {
    'model-not-listed': { severity: 'warning', title: 'A provider no longer lists a model' },
    'built-in-models-not-listed': { severity: 'info', title: 'A provider does not list all models that are built in' },
    'model-capabilities-differ': {
      severity: 'warning',
      title: 'What is claimed of a model is not what its provider says',
    },
  },
  symptoms: ['providers-model-missing', 'providers-model-mismatch', 'library-model', 'integration-models'],
  reach: 'network',
  needs: ['registry', 'rows', 'prober', 'clock'],
  run: async ({ registry, rows, prober, clock }, signal) => {
    const { runtimes, models } = registry.current();
    const builtIn = new Set((await rows.providers.all({ isSystem: true })).map(({ identifier }) => identifier));
    const found: Found[] = [];
    const compare = async ([id, runtime]: readonly [string, ProviderRuntime]): Promise<void> => {
      const own = [...(models.get(id)?.values() ?? [])].filter(({ status }) => status === 'active');
      const offered = own.length === 0 ? undefined : await offeredBy(prober, runtime);
      if (offered === undefined || offered.length === 0) return;
      const listed = new Map(offered.map((each) => [each.id, each]));
      const missing = own.filter(({ identifier }) => !listed.has(identifier));
      if (builtIn.has(id)) found.push(...ofBuiltIn(id, missing));
      else for (const row of own) found.push(...ofModel(id, row, listed.get(row.identifier)));
    };
    await sideBySide(runtimes, compare, { atOnce: AT_ONCE, clock, signal });
    return found;
  },
  fixes: {
    'model-not-listed': async ({ rows, registry }, { evidence }) => {
      const { model, provider } = evidence;
      const listed = registry.current().models.get(String(provider))?.get(String(model));
      const row = listed && (await rows.models.get(listed.id));
      if (row === undefined) return 'It is gone by now.';
      await rows.models.update(row.id, { status: 'deprecated' }, row.version);
      return `Set the model to deprecated. Undo: set its status to ${row.status} again (Console → Models).`;
    },
  },
});

/** What a provider lists; `undefined` where it cannot be asked, which is found elsewhere. */
async function offeredBy(prober: Pick<Prober, 'ask'>, runtime: ProviderRuntime) {
  const lease = runtime.pool.lease();
  // A question for models says nothing about how calls fare with the account.
  lease?.abandon();
  if (lease === undefined) return undefined;
  const { record } = runtime;
  const asked = await prober.ask({
    record,
    credential: lease.credential,
    ...wayOf(runtime, lease),
    claimed: {},
    named: [],
  });
  return asked.models;
}

/** Nobody asked for these rows, and accounts of a lower tier are never offered all of them. */
function ofBuiltIn(provider: string, missing: readonly Row[]): readonly Found[] {
  if (missing.length === 0) return [];
  const names = missing.map(({ identifier }) => identifier).join(', ');
  return [
    {
      code: 'built-in-models-not-listed',
      subject: `provider ${provider}`,
      cause: `${provider} does not list ${missing.length} of the models that are built in: ${names.slice(0, 300)}.`,
      remedy:
        'Calls of them may be refused. Use those that `GET /v1/models` lists, or ask the provider to unlock them.',
      evidence: { provider, missing: missing.length },
    },
  ];
}

type Row = Pick<ModelRecord, 'identifier' | 'contextLength'>;

function ofModel(
  provider: string,
  { identifier, contextLength }: Row,
  offered: { readonly contextTokens?: number | undefined } | undefined,
): readonly Found[] {
  const named = { subject: `model ${provider}/${identifier}`, evidence: { provider, model: identifier } };
  if (offered === undefined)
    return [
      {
        ...named,
        code: 'model-not-listed',
        cause: `${provider} no longer lists the model ${identifier}: calls of it will be refused.`,
        remedy: 'Choose another model, and set this one to deprecated: Console → Models, or `patchbay doctor --fix`.',
      },
    ];
  const { contextTokens } = offered;
  if (contextTokens === undefined || contextLength <= contextTokens) return [];
  return [
    {
      ...named,
      code: 'model-capabilities-differ',
      cause: `${identifier} claims ${contextLength} tokens of context; ${provider} says ${contextTokens}.`,
      remedy: `Set contextLength to ${contextTokens}: Console → Models, or \`PUT /api/models/{id}\`.`,
      evidence: { ...named.evidence, claimed: contextLength, provides: contextTokens },
    },
  ];
}
