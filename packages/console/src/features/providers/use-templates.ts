import type { Template } from '@patchbay/contract/resources/template';

import { BY_PAGE, inUse } from '../../lib/slice-shapes.ts';
import { useSlices, type Slices } from '../../lib/use-api.ts';

const PAGE_ROWS = 100;

/** What is asked again once a template has changed. */
export const TEMPLATES_STALE = ['templates.list', 'templates.get', 'templates.categories', 'audit.list'] as const;

interface TemplateFilters {
  readonly search: string;
  readonly category: string;
  /** `own`, `built-in`, or empty for both. */
  readonly whose: string;
}

/** Templates, a page at a time. */
export const useTemplates = ({ search, category, whose }: TemplateFilters): Slices<Template> =>
  useSlices(
    'templates.list',
    { search, category, whose },
    {
      ...BY_PAGE,
      input: (page) => ({
        query: {
          page,
          limit: PAGE_ROWS,
          ...inUse({ search, category }),
          ...(whose !== '' && { isSystem: whose === 'built-in' }),
        },
      }),
      rows: ({ data }) => data,
    },
  );
