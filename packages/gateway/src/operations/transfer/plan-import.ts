import type { ValidationError } from '@patchbay/contract';
import type { CreateTemplate } from '@patchbay/contract/resources/template';

import type { RowSecrets } from '../../storage/ports.ts';
import type { Repositories } from '../../storage/ports.ts';
import type { ModelRecord, ProviderRecord } from '../../storage/records.ts';
import type { Changes, NewRow } from '../../storage/repository.ts';
import { jsonOf } from '../json-of.ts';
import { modelProblem, newModel } from '../models/write-model.ts';
import type { ManagementParts } from '../ports.ts';
import { readHeldAuth } from '../providers/auth-config.ts';
import { freeIdentifier } from '../providers/identifier.ts';
import { newProvider } from '../providers/new-provider.ts';
import { openAuth, showAuth } from '../providers/show-provider.ts';
import { planTemplate } from '../templates/import.ts';
import { statesOf, type ImportedThing } from './import-result.ts';
import { inTurns } from './in-turns.ts';
import type { OpenProvider } from './open-secrets.ts';
import { differing, importedAuth, providerChanges, type KnownProvider, type Resolution } from './plan-provider.ts';
import type { DocumentModel } from './read-import.ts';

/** What is brought in. */
export interface Load {
  readonly providers: readonly OpenProvider[];
  readonly models: readonly DocumentModel[];
  readonly templates: readonly CreateTemplate[];
}

/** How it is brought in, and by whom. */
export interface ImportOrder {
  readonly resolution: Resolution;
  readonly createdBy: string | undefined;
  /** True to leave out the comparison of models' claims with what their providers can do. */
  readonly skipValidation: boolean;
}

interface Step {
  readonly thing: ImportedThing;
  readonly errors?: readonly ValidationError[];
}
/** What is done with one provider. */
export interface ProviderStep extends Step {
  readonly target: ProviderRecord;
  readonly add?: NewRow<ProviderRecord>;
  readonly change?: Changes<ProviderRecord>;
}
/** What is done with one model. */
export interface ModelStep extends Step {
  readonly add?: NewRow<ModelRecord>;
  readonly change?: { readonly row: ModelRecord; readonly changes: Changes<ModelRecord> };
}

/** Everything that an import would do. */
export interface ImportPlan {
  readonly providers: readonly ProviderStep[];
  readonly models: readonly ModelStep[];
  readonly templates: readonly CreateTemplate[];
  readonly errors: readonly ValidationError[];
}

/** Decides what to do with each provider and model, by what is there; changes nothing. */
export async function planImport(
  parts: Pick<ManagementParts, 'clock' | 'newId' | 'secrets'>,
  rows: Repositories,
  load: Load,
  order: ImportOrder,
): Promise<ImportPlan> {
  const present = new Map((await rows.providers.all()).map((row) => [row.identifier, row]));
  const targets = new Map(present);
  const providers = await inTurns(load.providers, async (each, index) => {
    const row = present.get(each.asked.identifier);
    const known = row && { row, auth: await knownAuth(parts.secrets, row) };
    const step = planProvider(parts, each, known, { ...order, taken: (name) => targets.has(name), at: index });
    targets.set(each.asked.identifier, step.target);
    targets.set(step.target.identifier, step.target);
    return step;
  });
  const touched = [...new Set(load.models.flatMap(({ provider }) => targets.get(provider)?.id ?? []))];
  const models = await modelsOf(rows, touched);
  const modelSteps = await inTurns(load.models, (each, index) =>
    planModel(parts, each, targets.get(each.provider), { ...order, models, at: index }),
  );
  const errors = [...providers, ...modelSteps].flatMap((step) => step.errors ?? []);
  return { providers, models: modelSteps, templates: load.templates, errors };
}

async function knownAuth(secrets: RowSecrets, row: ProviderRecord): Promise<KnownProvider['auth']> {
  return { held: readHeldAuth(row.authConfig, row.authMethod), shown: showAuth(await openAuth(secrets, row)) };
}

interface ProviderCase extends ImportOrder {
  readonly taken: (identifier: string) => boolean;
  readonly at: number;
}

function planProvider(
  parts: Pick<ManagementParts, 'clock' | 'newId'>,
  open: OpenProvider,
  known: KnownProvider | undefined,
  { resolution, createdBy, taken, at }: ProviderCase,
): ProviderStep {
  const { asked } = open;
  const told = { type: 'provider', identifier: asked.identifier, conflict: known !== undefined } as const;
  const isRenamed = known !== undefined && resolution === 'rename';
  const base = isRenamed ? undefined : known;
  const auth = importedAuth(open, base, resolution);
  const add = newProvider(
    parts,
    { ...asked, ...(isRenamed && { identifier: freeIdentifier(asked.identifier, taken) }) },
    auth.ok ? auth.auth : readHeldAuth({}, asked.authMethod),
    createdBy,
  );
  const target = base?.row ?? { ...add, version: 1 };
  if (!auth.ok) {
    const errors = auth.errors.map(({ field, message }) => ({ field: `data.providers.${at}.${field}`, message }));
    return { target, errors, thing: { ...told, action: 'error', message: errors.map(sentence).join(' ') } };
  }
  if (base === undefined) {
    const message = isRenamed ? `Created as ${add.identifier}, because the name was taken.` : 'Created.';
    return { target, add, thing: { ...told, action: 'created', message: message + missingSecrets(auth.auth.fields) } };
  }
  if (resolution === 'skip') return { target, thing: { ...told, action: 'skipped', message: 'It is there already.' } };
  const change = providerChanges(open, base, auth.auth, resolution);
  if (Object.keys(change).length === 0)
    return { target, thing: { ...told, action: 'skipped', message: 'It is the same already.' } };
  return {
    target: { ...target, capabilities: change.capabilities ?? target.capabilities },
    change,
    thing: {
      ...told,
      action: 'updated',
      message: `Changed: ${Object.keys(change).join(', ')}.`,
      states: statesOf(base.row, change, {
        before: { authConfig: base.auth?.shown },
        after: { authConfig: showAuth(auth.auth) },
      }),
    },
  };
}

const sentence = ({ field, message }: ValidationError): string => `${field}: ${message}`;

function missingSecrets(fields: object): string {
  const missing = Object.entries(fields).flatMap(([name, field]) =>
    typeof field === 'object' && (field as { required?: boolean }).required === true ? [name] : [],
  );
  return missing.length === 0 ? '' : ` Set authConfig.fields ${missing.join(', ')} before it can be called.`;
}

interface ModelCase extends ImportOrder {
  readonly models: ReadonlyMap<string, ModelRecord>;
  readonly at: number;
}

const modelKey = (providerId: string, identifier: string): string => `${providerId}/${identifier}`;

async function modelsOf(rows: Repositories, providerIds: readonly string[]): Promise<Map<string, ModelRecord>> {
  const found = new Map<string, ModelRecord>();
  for (let from = 0; from < providerIds.length; from += 500) {
    for (const row of await rows.models.all({ providerId: providerIds.slice(from, from + 500) }))
      found.set(modelKey(row.providerId, row.identifier), row);
  }
  return found;
}

function planModel(
  parts: Pick<ManagementParts, 'clock' | 'newId'>,
  { provider: name, model, named }: DocumentModel,
  provider: ProviderRecord | undefined,
  { resolution, skipValidation, models, at }: ModelCase,
): ModelStep {
  const known = provider && models.get(modelKey(provider.id, model.identifier));
  const told = { type: 'model', identifier: `${name}/${model.identifier}`, conflict: known !== undefined } as const;
  const wrong = (field: string, message: string): ModelStep => ({
    thing: { ...told, action: 'error', message },
    errors: [{ field: `data.models.${at}.${field}`, message }],
  });
  if (provider === undefined) return wrong('providerIdentifier', `There is no provider \`${name}\`, here or there.`);
  const add = newModel(parts, provider, model);
  const problem = skipValidation ? undefined : modelProblem(add, provider);
  if (problem !== undefined) return wrong(problem.field ?? 'capabilities', problem.message);
  if (known === undefined) return { add, thing: { ...told, action: 'created', message: 'Created.' } };
  if (resolution === 'skip' || resolution === 'rename')
    return { thing: { ...told, action: 'skipped', message: 'It is there already.' } };
  const changes = modelChanges(known, { model, named, add, isReplaced: resolution === 'replace' });
  if (Object.keys(changes).length === 0)
    return { thing: { ...told, action: 'skipped', message: 'It is the same already.' } };
  const message = `Changed: ${Object.keys(changes).join(', ')}.`;
  const states = statesOf(known, changes);
  return { change: { row: known, changes }, thing: { ...told, action: 'updated', message, states } };
}

interface ModelSource extends Pick<DocumentModel, 'model' | 'named'> {
  readonly add: NewRow<ModelRecord>;
  readonly isReplaced: boolean;
}

function modelChanges(row: ModelRecord, { model, named, add, isReplaced }: ModelSource): Changes<ModelRecord> {
  const { name, description, contextLength, capabilities, pricingInfo, status, isDefault } = add;
  const whole: Changes<ModelRecord> = {
    name,
    description,
    contextLength,
    capabilities,
    pricingInfo,
    status,
    isDefault,
  };
  if (isReplaced) return differing(row, whole);
  const merged = {
    ...whole,
    ...(model.capabilities && { capabilities: { ...row.capabilities, ...jsonOf(model.capabilities) } }),
  };
  return differing(
    row,
    Object.fromEntries(Object.entries(merged).filter(([each]) => named.has(each))) as Changes<ModelRecord>,
  );
}

/** What an import would say that it did. */
export async function plannedThings(
  rows: Repositories,
  plan: ImportPlan,
  { resolution }: ImportOrder,
): Promise<readonly ImportedThing[]> {
  const templates = await inTurns(plan.templates, (each) =>
    planTemplate(rows, each, { overwriteExisting: resolution !== 'skip' }),
  );
  return [
    ...plan.providers.map(({ thing }) => thing),
    ...plan.models.map(({ thing }) => thing),
    ...templates.map(({ thing }) => thing),
  ];
}
