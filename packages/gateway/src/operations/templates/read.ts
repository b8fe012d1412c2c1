import { done, refused, type Handler } from '../handler.ts';
import { paginationOf, windowOf } from '../page-of.ts';
import type { ManagementParts } from '../ports.ts';
import { fileOf } from '../transfer/document-text.ts';
import { templateNotFound } from './find-template.ts';
import { exportedTemplate, showTemplate } from './show-template.ts';

const SORT_BY = { name: 'name', createdAt: 'createdAtMs', updatedAt: 'updatedAtMs' } as const;

/** Templates, a page at a time. */
export const listTemplates =
  ({ rows }: ManagementParts): Handler<'templates.list'> =>
  async ({ query }) => {
    const { isSystem, category, search } = query;
    const { items, total } = await rows.templates.page({
      where: { ...(isSystem !== undefined && { isSystem }), ...(category !== undefined && { category }) },
      ...(search !== undefined && { search }),
      sortBy: SORT_BY[query.sortBy],
      sortOrder: query.sortOrder,
      ...windowOf(query),
    });
    return done({ data: items.map(showTemplate), pagination: paginationOf(query, total) });
  };

/** The built-in templates. */
export const systemTemplates =
  ({ rows }: ManagementParts): Handler<'templates.system'> =>
  async () =>
    done({ data: (await rows.templates.all({ isSystem: true })).map(showTemplate) });

/** Categories, with how many templates each has. */
export const templateCategories =
  ({ rows }: ManagementParts): Handler<'templates.categories'> =>
  async () => {
    const counts = new Map<string, number>();
    for (const { category } of await rows.templates.all())
      if (category !== undefined) counts.set(category, (counts.get(category) ?? 0) + 1);
    const categories = [...counts].map(([name, count]) => ({ name, count }));
    return done({ categories: categories.sort((one, other) => one.name.localeCompare(other.name)) });
  };

/** One template. */
export const getTemplate =
  ({ rows }: ManagementParts): Handler<'templates.get'> =>
  async ({ params: { id } }) => {
    const row = await rows.templates.get(id);
    return row === undefined ? refused(templateNotFound(id)) : done(showTemplate(row));
  };

/** What a template asks for, and which models it offers. */
export const customizationOptions =
  ({ rows }: ManagementParts): Handler<'templates.customizationOptions'> =>
  async ({ params: { id } }) => {
    const row = await rows.templates.get(id);
    if (row === undefined) return refused(templateNotFound(id));
    const { providerConfig, defaultModels } = showTemplate(row);
    const fields = Object.entries(providerConfig.authConfig.fields).map(
      ([name, field]) => [name, typeof field === 'string' ? { default: field } : field] as const,
    );
    return done({
      fields: Object.fromEntries(fields),
      models: defaultModels.map(({ identifier, name, isDefault = false }) => ({ identifier, name, isDefault })),
    });
  };

/** One template as a file that import takes. */
export const exportTemplate =
  ({ rows }: ManagementParts): Handler<'templates.export'> =>
  async ({ params: { id }, query: { format } }) => {
    const row = await rows.templates.get(id);
    if (row === undefined) return refused(templateNotFound(id));
    const value = { templates: [exportedTemplate(row)] };
    return { ok: true, value, file: await fileOf(`provider-template-${row.id}`, format, value) };
  };

/** Own templates as a file that import takes. */
export const exportTemplates =
  ({ rows }: ManagementParts): Handler<'templates.exportAll'> =>
  async ({ query: { format } }) => {
    const value = { templates: (await rows.templates.all({ isSystem: false })).map(exportedTemplate) };
    return { ok: true, value, file: await fileOf('provider-templates', format, value) };
  };
