import type { OperationFailure } from '@patchbay/contract';
import type { CreateTemplate } from '@patchbay/contract/resources/template';

import type { TemplateRecord } from '../../storage/records.ts';
import { changeRow, type Decision } from '../change-row.ts';
import { done, refused, type Answer, type Handler } from '../handler.ts';
import { jsonOf } from '../json-of.ts';
import type { ManagementParts } from '../ports.ts';
import { creatorOf } from '../providers/new-provider.ts';
import { templateProblem } from './check-template.ts';
import { templateBuiltIn, templateExists, templateNotFound } from './find-template.ts';
import { newTemplate } from './new-template.ts';
import { showTemplate } from './show-template.ts';

/** Makes a template. */
export const createTemplate =
  (parts: ManagementParts): Handler<'templates.create'> =>
  async ({ body }, { principal }) => {
    const problem = templateProblem(body);
    return problem === undefined ? add(parts, body, creatorOf(principal)) : refused(problem);
  };

/** Copies a template under another name; the copy is somebody's own and can be changed. */
export const cloneTemplate =
  (parts: ManagementParts): Handler<'templates.clone'> =>
  async ({ params: { id }, body }, { principal }) => {
    const row = await parts.rows.templates.get(id);
    if (row === undefined) return refused(templateNotFound(id));
    const { name: _, description, ...rest } = showTemplate(row);
    return add(parts, { ...rest, ...(description !== undefined && { description }), ...body }, creatorOf(principal));
  };

async function add(
  parts: ManagementParts,
  asked: CreateTemplate,
  createdBy: string | undefined,
): Promise<Answer<ReturnType<typeof showTemplate>>> {
  const row = newTemplate(parts, asked, createdBy);
  const added = await parts.rows.transaction(async ({ templates }) => {
    const [taken] = await templates.all({ name: asked.name });
    return taken === undefined ? templates.insert(row) : undefined;
  });
  if (added?.kind !== 'inserted') return refused(templateExists(asked.name));
  const after = showTemplate(added.row);
  return done(after, { resource: 'template', resourceId: after.id, after });
}

/** Changes what was sent of a template that is not built in. */
export const updateTemplate =
  (parts: ManagementParts): Handler<'templates.update'> =>
  async ({ params: { id }, body: { version, ...sent } }) => {
    const { templates } = parts.rows;
    const row = await templates.get(id);
    if (row === undefined) return refused(templateNotFound(id));
    if (row.isSystem) return refused(templateBuiltIn(row));
    const [taken] = sent.name === undefined ? [] : await templates.all({ name: sent.name });
    if (taken !== undefined && taken.id !== row.id) return refused(templateExists(taken.name));
    const changed = await changeRow(templates, {
      row,
      expected: version,
      decide: (current) => decide(current, sent),
      missing: templateNotFound(id),
    });
    if (!changed.ok) return refused(changed.failure);
    const [before, after] = [showTemplate(changed.before), showTemplate(changed.after)];
    return done(after, { resource: 'template', resourceId: after.id, before, after });
  };

type Sent = Omit<Parameters<Handler<'templates.update'>>[0]['body'], 'version'>;

function decide(row: TemplateRecord, sent: Sent): Decision<TemplateRecord> {
  const { providerConfig, defaultModels, ...plain } = sent;
  const shown = showTemplate(row);
  const problem: OperationFailure | undefined = templateProblem({
    providerConfig: providerConfig ?? shown.providerConfig,
    defaultModels: defaultModels ?? shown.defaultModels,
  });
  if (problem !== undefined && (providerConfig || defaultModels)) return { ok: false, failure: problem };
  return {
    ok: true,
    changes: {
      ...plain,
      ...(providerConfig && { providerConfig: jsonOf(providerConfig) }),
      ...(defaultModels && { defaultModels: defaultModels.map(jsonOf) }),
    },
  };
}

/** Removes a template that is not built in. */
export const deleteTemplate =
  ({ rows: { templates } }: ManagementParts): Handler<'templates.delete'> =>
  async ({ params: { id } }) => {
    const row = await templates.get(id);
    if (row === undefined) return refused(templateNotFound(id));
    if (row.isSystem) return refused(templateBuiltIn(row));
    await templates.remove(id);
    return done(undefined as never, { resource: 'template', resourceId: id, before: showTemplate(row) });
  };
