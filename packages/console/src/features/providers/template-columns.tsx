import type { Template } from '@patchbay/contract/resources/template';

import { Badge } from '../../components/ui/badge.tsx';
import type { Column } from '../../components/ui/data-table.tsx';
import { Num, Time } from '../../components/ui/values.tsx';
import { METHODS } from './words.ts';

/** Columns of the list of templates. */
export const TEMPLATE_COLUMNS: readonly Column<Template>[] = [
  {
    id: 'name',
    header: 'Template',
    width: 180,
    grows: true,
    cell: ({ name, isSystem }) => (
      <span title={name}>
        <bdi className="font-medium">{name}</bdi> {!isSystem && <Badge tone="accent">own</Badge>}
      </span>
    ),
  },
  {
    id: 'category',
    header: 'Category',
    width: 130,
    onPhones: false,
    cell: ({ category }) => <span className="text-ink-2">{category ?? '–'}</span>,
  },
  {
    id: 'method',
    header: 'Signs in with',
    width: 140,
    onPhones: false,
    cell: ({ providerConfig }) => <span className="text-ink-2">{METHODS[providerConfig.authMethod]}</span>,
  },
  {
    id: 'address',
    header: 'Address',
    width: 340,
    onPhones: false,
    cell: ({ providerConfig: { apiEndpoint } }) => (
      <span className="font-mono text-xs text-ink-2" title={apiEndpoint}>
        {apiEndpoint}
      </span>
    ),
  },
  {
    id: 'models',
    header: 'Models',
    width: 80,
    align: 'end',
    cell: ({ defaultModels }) => <Num value={defaultModels.length} />,
  },
  {
    id: 'changed',
    header: 'Changed',
    width: 120,
    onPhones: false,
    cell: ({ updatedAt }) => <Time at={updatedAt} isAge className="text-ink-2" />,
  },
];
