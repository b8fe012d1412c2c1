import type { ProviderHealth } from '@patchbay/contract/resources/health';
import type { Provider } from '@patchbay/contract/resources/provider';

import { Status } from '../../components/ui/badge.tsx';
import type { Column } from '../../components/ui/data-table.tsx';
import { Named } from '../../components/ui/named.tsx';
import { Num, Time } from '../../components/ui/values.tsx';
import { HEALTH_TONES, STATUS_TONES } from './words.ts';

const healthColumn = (health: ReadonlyMap<string, ProviderHealth>): Column<Provider> => ({
  id: 'health',
  header: 'Health',
  width: 110,
  onPhones: false,
  cell: ({ id }) => {
    const { status = 'unknown', error } = health.get(id) ?? {};
    return (
      <span title={error?.slice(0, 500)}>
        <Status tone={HEALTH_TONES[status]}>{status}</Status>
      </span>
    );
  },
});

/** Columns of the list; health comes by an operation of its own. */
export const columnsOf = (health: ReadonlyMap<string, ProviderHealth>): readonly Column<Provider>[] => [
  {
    id: 'name',
    header: 'Provider',
    width: 150,
    grows: true,
    cell: ({ name, identifier }) => <Named name={name} besides={identifier} />,
  },
  {
    id: 'status',
    header: 'State',
    width: 110,
    cell: ({ status }) => <Status tone={STATUS_TONES[status]}>{status}</Status>,
  },
  healthColumn(health),
  {
    id: 'models',
    header: 'Models',
    width: 80,
    align: 'end',
    onPhones: false,
    cell: ({ modelCount }) => <Num value={modelCount} />,
  },
  {
    id: 'address',
    header: 'Address',
    width: 320,
    onPhones: false,
    cell: ({ apiEndpoint }) => (
      <span className="font-mono text-xs text-ink-2" title={apiEndpoint}>
        {apiEndpoint}
      </span>
    ),
  },
  {
    id: 'tested',
    header: 'Last test',
    width: 170,
    onPhones: false,
    cell: ({ lastTested, testResult }) =>
      testResult === undefined ? (
        <span className="text-ink-3">not tested</span>
      ) : (
        <Status tone={testResult.success ? 'good' : 'bad'}>
          <span className="text-ink-2">
            {testResult.success ? 'passed' : 'failed'} <Time at={lastTested} isAge />
          </span>
        </Status>
      ),
  },
];
