import type { Model } from '@patchbay/contract/resources/model';

import { Badge, Status } from '../../components/ui/badge.tsx';
import type { Column } from '../../components/ui/data-table.tsx';
import { Named } from '../../components/ui/named.tsx';
import { Tokens } from '../../components/ui/values.tsx';
import { Price } from './model-sheet.tsx';
import { STATUS_TONES } from './words.ts';

/** Columns of the list; providers go by the name that they have. */
export const columnsOf = (provider: (id: string) => string): readonly Column<Model>[] => [
  {
    id: 'name',
    header: 'Model',
    width: 150,
    grows: true,
    cell: ({ name, identifier, isDefault }) => (
      <Named name={name} besides={identifier}>
        {isDefault && (
          <Badge tone="accent" className="max-md:hidden">
            default
          </Badge>
        )}
      </Named>
    ),
  },
  {
    id: 'provider',
    header: 'Provider',
    width: 170,
    onPhones: false,
    cell: ({ providerId }) => <span className="text-ink-2">{provider(providerId)}</span>,
  },
  {
    id: 'status',
    header: 'State',
    width: 110,
    cell: ({ status }) => <Status tone={STATUS_TONES[status]}>{status}</Status>,
  },
  {
    id: 'context',
    header: 'Context',
    width: 100,
    align: 'end',
    onPhones: false,
    cell: ({ contextLength }) => <Tokens value={contextLength} />,
  },
  {
    id: 'input',
    header: 'Input / M',
    width: 110,
    align: 'end',
    onPhones: false,
    cell: ({ pricingInfo }) => <Price of={pricingInfo?.inputTokenPrice} />,
  },
  {
    id: 'output',
    header: 'Output / M',
    width: 110,
    align: 'end',
    onPhones: false,
    cell: ({ pricingInfo }) => <Price of={pricingInfo?.outputTokenPrice} />,
  },
];
