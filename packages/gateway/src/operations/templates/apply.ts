import type { OperationFailure } from '@patchbay/contract';
import { capabilityProblems, usualCapabilities } from '../models/capability-problems.ts';
import { newModel } from '../models/write-model.ts';
import type { ProviderRecord } from '../../storage/records.ts';
import type { NewRow } from '../../storage/repository.ts';
import { done, refused, type Handler } from '../handler.ts';
import type { ManagementParts } from '../ports.ts';
import { REQUIRED_FIELDS } from '../providers/auth-config.ts';
import { checkProvider, invalid } from '../providers/check-provider.ts';
import { creatorOf, newProvider } from '../providers/new-provider.ts';
import { providerExists } from '../providers/provider-exists.ts';
import { auditedProvider, showAuth, showProvider } from '../providers/show-provider.ts';
import { testLater } from '../providers/test-later.ts';
import { mergeAuth } from '../providers/auth-config.ts';
import { serveNow } from '../serve-now.ts';
import { fillTemplate, type FilledTemplate } from './fill-template.ts';
import { templateNotFound } from './find-template.ts';
import { showTemplate } from './show-template.ts';

/** Makes a provider with its models from a template, in one transaction. */
export const applyTemplate =
  (parts: ManagementParts): Handler<'templates.apply'> =>
  async ({ params: { id }, body }, { principal }) => {
    const template = await parts.rows.templates.get(id);
    if (template === undefined) return refused(templateNotFound(id));
    const filling = fillTemplate(showTemplate(template), body);
    if (!filling.ok) return refused(filling.failure);
    const { filled } = filling;
    const checked = checkFilled(filled);
    if (!checked.ok) return refused(checked.failure);
    const provider = newProvider(parts, filled.provider, checked.auth, creatorOf(principal));
    const row = await write(parts, provider, filled);
    if (row === undefined) return refused(await providerExists(parts.rows, provider.identifier));
    await serveNow(parts);
    testLater(parts, row);
    return done(await showProvider(parts.secrets, row, { modelCount: filled.models.length }), {
      resource: 'provider',
      resourceId: row.id,
      after: { ...auditedProvider(row), template: template.id },
    });
  };

function checkFilled({ provider, models, missing }: FilledTemplate): ReturnType<typeof checkProvider> {
  const checked = checkProvider(provider);
  // What nobody filled in comes first: without it the address is not complete either.
  const isIdentifier = !checked.ok && checked.failure.code === 'INVALID_IDENTIFIER';
  if (missing.length > 0 && !isIdentifier) return { ok: false, failure: incomplete(provider.authMethod, missing) };
  if (!checked.ok) return checked;
  const problems = models.flatMap(({ identifier, contextLength, capabilities }, index) =>
    capabilityProblems(
      { contextLength, capabilities: capabilities ?? usualCapabilities(provider.capabilities, contextLength) },
      provider.capabilities,
    ).map(({ field, message }) => ({ field: `defaultModels.${index}.${field}`, message: `${identifier}: ${message}` })),
  );
  return problems.length === 0
    ? checked
    : { ok: false, failure: { ...invalid(problems), code: 'TEMPLATE_APPLICATION_FAILED' } };
}

const incomplete = (method: keyof typeof REQUIRED_FIELDS, missing: readonly string[]): OperationFailure =>
  invalid(
    missing.map((name) => {
      const label = REQUIRED_FIELDS[method].find(([each]) => each === name)?.[1] ?? name;
      return {
        field: `authConfig.fields.${name}`,
        message: `${label} is required for ${method} authentication`,
        value: null,
      };
    }),
  );

/** The provider, or `undefined` when its identifier is taken. */
const write = (
  parts: ManagementParts,
  provider: NewRow<ProviderRecord>,
  { models }: FilledTemplate,
): Promise<ProviderRecord | undefined> =>
  parts.rows.transaction(async (rows) => {
    const inserted = await rows.providers.insert(provider);
    if (inserted.kind === 'duplicate') return undefined;
    await rows.models.insertMany(
      models.map(({ isDefault = false, ...model }) =>
        newModel(parts, inserted.row, { ...model, isDefault, status: 'active' }),
      ),
    );
    return inserted.row;
  });

/** What applying would make, and what is still missing. */
export const previewTemplate =
  ({ rows }: ManagementParts): Handler<'templates.preview'> =>
  async ({ params: { id }, body }) => {
    const template = await rows.templates.get(id);
    if (template === undefined) return refused(templateNotFound(id));
    const filling = fillTemplate(showTemplate(template), body);
    if (!filling.ok) return refused(filling.failure);
    const { provider, models, missing } = filling.filled;
    const merged = mergeAuth(provider.authConfig);
    if (!merged.ok) return refused(invalid(merged.errors));
    const lacking = [...(provider.identifier === '' ? ['identifier'] : []), ...missing];
    return done({
      provider: { ...provider, authConfig: showAuth(merged.auth) },
      models: [...models],
      missing: lacking,
    });
  };
