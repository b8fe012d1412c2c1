import type { Model } from '@patchbay/contract/resources/model';
import { FlaskConical, Pencil } from 'lucide-react';

import { AskedSheet } from '../../components/ui/asked-sheet.tsx';
import { Badge, Status } from '../../components/ui/badge.tsx';
import { Button } from '../../components/ui/button.tsx';
import { KeyValue } from '../../components/ui/key-value.tsx';
import { Duration, Money, Num, Time, Tokens } from '../../components/ui/values.tsx';
import { failureOf } from '../../lib/failure.ts';
import { useOperation, type useChange } from '../../lib/use-api.ts';
import { useMay } from '../../lib/use-session.ts';
import { ABILITIES, MILLION_PER_THOUSAND, STATUS_TONES } from './words.ts';

export interface ModelSheetProps {
  readonly id: string;
  readonly provider: (id: string) => string;
  readonly test: ReturnType<typeof useChange<'models.test'>>;
  readonly onClose: () => void;
  readonly onChange: (model: Model) => void;
}

/** One model: what it can do, costs and has done. */
export function ModelSheet({ id, provider, test, onClose, onChange }: ModelSheetProps) {
  const asked = useOperation('models.get', { params: { id } });
  const mayWrite = useMay('models:write');
  return (
    <AskedSheet
      kind="Model"
      shown={asked.data}
      asked={asked}
      onClose={onClose}
      actions={(model) =>
        mayWrite && (
          <Button size="sm" icon={<Pencil aria-hidden />} onClick={() => onChange(model)}>
            Change
          </Button>
        )
      }
    >
      {(model) => (
        <>
          <Facts model={model} provider={provider(model.providerId)} />
          {mayWrite && <Trial model={model} test={test} />}
          <Day id={id} />
        </>
      )}
    </AskedSheet>
  );
}

const Facts = ({ model, provider }: { readonly model: Model; readonly provider: string }) => (
  <KeyValue
    rows={[
      [
        'State',
        <span key="state" className="flex gap-2">
          <Status tone={STATUS_TONES[model.status]}>{model.status}</Status>
          {model.isDefault && <Badge tone="accent">default</Badge>}
        </span>,
      ],
      ['Provider', provider],
      [
        'Identifier',
        <span key="identifier" className="font-mono text-xs break-all">
          {model.identifier}
        </span>,
      ],
      ['Description', model.description],
      ['Context', <Tokens key="context" value={model.contextLength} />],
      ['Input, a million', <Price key="input" of={model.pricingInfo?.inputTokenPrice} />],
      ['Output, a million', <Price key="output" of={model.pricingInfo?.outputTokenPrice} />],
      [
        'It can',
        <span key="can" className="flex flex-wrap gap-1">
          {ABILITIES.filter(([ability]) => model.capabilities[ability] === true).map(([ability, label]) => (
            <Badge key={ability}>{label}</Badge>
          ))}
        </span>,
      ],
      ['Changed', <Time key="changed" at={model.updatedAt} isAge />],
    ]}
  />
);

/** What a million tokens cost. */
export const Price = ({ of }: { readonly of: number | undefined }) =>
  of === undefined ? <span className="text-ink-3">–</span> : <Money value={of * MILLION_PER_THOUSAND} />;

function Trial({ model, test }: { readonly model: Model; readonly test: ModelSheetProps['test'] }) {
  const isOurs = test.variables?.params.id === model.id;
  const isRunning = isOurs && test.isPending;
  const found = isOurs && !isRunning ? test.data : undefined;
  const wrong = isOurs && test.error !== null ? [failureOf(test.error).message] : (found?.errors ?? []);
  return (
    <section aria-live="polite">
      <header className="mb-2 flex items-center justify-between">
        <h3 className="text-sm font-semibold">A tiny call</h3>
        <Button
          size="sm"
          icon={<FlaskConical aria-hidden />}
          isBusy={isRunning}
          onClick={() => test.mutate({ params: { id: model.id } })}
        >
          Try it
        </Button>
      </header>
      {found === undefined && wrong.length === 0 && (
        <p className="text-sm text-ink-3">{isRunning ? 'On its way…' : 'Costs a few tokens of the provider.'}</p>
      )}
      {found?.success === true && (
        <Status tone="good">
          <span>
            It answers, after <Duration value={found.responseTime} />
          </span>
        </Status>
      )}
      {wrong.map((each) => (
        <p
          key={each}
          role="alert"
          // It scrolls where it is long, so the keys must reach it.
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
          tabIndex={0}
          className="max-h-40 overflow-auto rounded-md bg-bad-soft p-3 text-sm break-words text-bad"
        >
          <bdi>{each}</bdi>
        </p>
      ))}
    </section>
  );
}

function Day({ id }: { readonly id: string }) {
  const { data } = useOperation('models.stats', { params: { id } });
  return (
    <section>
      <h3 className="mb-1 text-sm font-semibold">The last 24 hours</h3>
      <KeyValue
        rows={[
          ['Calls', <Num key="calls" value={data?.requests} />],
          ['Failed', <Num key="failed" value={data?.errors} />],
          ['Tokens in', <Tokens key="in" value={data?.inputTokens} />],
          ['Tokens out', <Tokens key="out" value={data?.outputTokens} />],
          ['Cost', <Money key="cost" value={data?.costUsd} />],
          ['Latency', <Duration key="latency" value={data?.averageLatencyMs} />],
        ]}
      />
    </section>
  );
}
