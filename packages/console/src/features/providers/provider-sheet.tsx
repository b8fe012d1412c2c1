import type { Provider } from '@patchbay/contract/resources/provider';
import { Link } from '@tanstack/react-router';
import { Cable, Pencil } from 'lucide-react';

import { AskedSheet } from '../../components/ui/asked-sheet.tsx';
import { Badge, Status } from '../../components/ui/badge.tsx';
import { Button } from '../../components/ui/button.tsx';
import { KeyValue } from '../../components/ui/key-value.tsx';
import { PhaseList } from '../../components/ui/phase-list.tsx';
import { Duration, Money, Num, Time } from '../../components/ui/values.tsx';
import { failureOf } from '../../lib/failure.ts';
import { useOperation, type useChange } from '../../lib/use-api.ts';
import { useMay } from '../../lib/use-session.ts';
import { fieldLabel, METHODS, STATUS_TONES } from './words.ts';

export interface ProviderSheetProps {
  readonly id: string;
  readonly test: ReturnType<typeof useChange<'providers.test'>>;
  readonly onClose: () => void;
  readonly onChange: (provider: Provider) => void;
}

/** One provider: where it is, whether it works, and what it has done. */
export function ProviderSheet({ id, test, onClose, onChange }: ProviderSheetProps) {
  const asked = useOperation('providers.get', { params: { id } });
  const mayWrite = useMay('providers:write');
  return (
    <AskedSheet
      kind="Provider"
      shown={asked.data}
      asked={asked}
      onClose={onClose}
      actions={(provider) =>
        mayWrite && (
          <Button size="sm" icon={<Pencil aria-hidden />} onClick={() => onChange(provider)}>
            Change
          </Button>
        )
      }
    >
      {(provider) => (
        <>
          <Connection provider={provider} test={test} mayTest={mayWrite} />
          <Facts provider={provider} />
          <Day provider={provider} />
        </>
      )}
    </AskedSheet>
  );
}

interface ConnectionProps {
  readonly provider: Provider;
  readonly test: ProviderSheetProps['test'];
  readonly mayTest: boolean;
}

function Connection({ provider, test, mayTest }: ConnectionProps) {
  const isOurs = test.variables?.params.id === provider.id;
  const isRunning = isOurs && test.isPending;
  return (
    <section>
      <header className="mb-3 flex items-center justify-between">
        <h3 className="text-sm font-semibold">Connection</h3>
        {mayTest && (
          <Button
            size="sm"
            icon={<Cable aria-hidden />}
            isBusy={isRunning}
            onClick={() => test.mutate({ params: { id: provider.id } })}
          >
            Test now
          </Button>
        )}
      </header>
      {isOurs && test.error !== null && <p className="mb-3 text-sm text-bad">{failureOf(test.error).message}</p>}
      <PhaseList test={(isOurs ? test.data : undefined) ?? provider.testResult} isRunning={isRunning} />
    </section>
  );
}

const Facts = ({ provider }: { readonly provider: Provider }) => (
  <section>
    <h3 className="mb-1 text-sm font-semibold">About it</h3>
    <KeyValue
      rows={[
        [
          'State',
          <span key="state" className="flex gap-2">
            <Status tone={STATUS_TONES[provider.status]}>{provider.status}</Status>
            {provider.isSystem && <Badge>built in</Badge>}
          </span>,
        ],
        ['Identifier', <Mono key="identifier">{provider.identifier}</Mono>],
        ['Address', <Mono key="address">{provider.apiEndpoint}</Mono>],
        ['Description', provider.description],
        ['Signs in with', METHODS[provider.authMethod]],
        ...Object.entries(provider.authConfig.fields).map(
          ([name, value]) =>
            [
              fieldLabel(name),
              typeof value === 'string' ? (
                <Mono key={name}>{value}</Mono>
              ) : (
                <span key={name} className="text-ink-3">
                  {value.default ?? 'not filled in'}
                </span>
              ),
            ] as const,
        ),
        [
          'Models',
          <Link
            key="models"
            to="/models"
            search={{ provider: provider.id }}
            className="text-accent underline-offset-2 hover:underline"
          >
            <Num value={provider.modelCount} />
          </Link>,
        ],
        ['Added', <Time key="added" at={provider.createdAt} />],
        ['Changed', <Time key="changed" at={provider.updatedAt} isAge />],
      ]}
    />
  </section>
);

const Mono = ({ children }: { readonly children: string }) => (
  <span className="font-mono text-xs break-all">{children}</span>
);

function Day({ provider: { id, identifier } }: { readonly provider: Provider }) {
  const { data } = useOperation('providers.stats', { params: { id } });
  const mayRead = useMay('accounts:read');
  const { data: accounts } = useOperation(
    'accounts.list',
    { query: { provider_id: identifier, limit: 1 } },
    { enabled: mayRead },
  );
  return (
    <section>
      <h3 className="mb-1 text-sm font-semibold">The last 24 hours</h3>
      <KeyValue
        rows={[
          ['Calls', <Num key="calls" value={data?.requests} />],
          ['Failed', <Num key="failed" value={data?.errors} />],
          ['Cost', <Money key="cost" value={data?.costUsd} />],
          ['Latency', <Duration key="latency" value={data?.averageLatencyMs} />],
          ['Accounts', mayRead ? <Num key="accounts" value={accounts?.total} /> : undefined],
        ]}
      />
    </section>
  );
}
