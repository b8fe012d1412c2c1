import type { Finding } from '@patchbay/contract/resources/diagnostics';
import { CircleAlert, Info, TriangleAlert, Wrench, type LucideIcon } from 'lucide-react';
import { useState } from 'react';

import { Badge, type Tone } from '../../components/ui/badge.tsx';
import { Button } from '../../components/ui/button.tsx';
import { KeyValue } from '../../components/ui/key-value.tsx';
import { useMay } from '../../lib/use-session.ts';
import { MendDialog } from './mend-dialog.tsx';
import { PlaceLink } from './place-link.tsx';
import { Remedy } from './remedy.tsx';

interface Look {
  readonly icon: LucideIcon;
  readonly tone: Tone;
  readonly colour: string;
}

const LOOKS: Readonly<Record<Finding['severity'], Look>> = {
  error: { icon: CircleAlert, tone: 'bad', colour: 'text-bad' },
  warning: { icon: TriangleAlert, tone: 'warn', colour: 'text-warn' },
  info: { icon: Info, tone: 'neutral', colour: 'text-ink-3' },
};

/** One thing that is wrong: why, what was seen, and what to do. */
export function FindingItem({ finding }: { readonly finding: Finding }) {
  const { severity, title, subject, cause, remedy, evidence, code, fixable } = finding;
  const [isMending, setMending] = useState(false);
  const mayMend = useMay('system:config') && fixable;
  const { icon: Icon, tone, colour } = LOOKS[severity];
  const seen = Object.entries(evidence);
  return (
    <li className="min-w-0 rounded-lg border border-line bg-surface p-4 shadow-rest">
      <header className="flex items-start gap-3">
        <Icon className={`size-5 shrink-0 ${colour}`} aria-hidden />
        <h2 className="min-w-0 flex-1 font-semibold wrap-anywhere">{title}</h2>
        <Badge tone={tone}>{severity}</Badge>
      </header>
      <div className="mt-3 grid gap-3 sm:pl-8">
        <p className="max-w-prose wrap-anywhere text-ink-2">{cause}</p>
        <Remedy text={remedy} />
        <p className="flex flex-wrap items-center gap-x-4 gap-y-2 empty:hidden">
          {mayMend && (
            <Button size="sm" icon={<Wrench aria-hidden />} onClick={() => setMending(true)}>
              Mend
            </Button>
          )}
          <PlaceLink of={finding} />
        </p>
        <details className="group">
          <summary className="cursor-pointer text-xs text-ink-3 hover:text-ink">
            What was seen <span className="ml-2 font-mono">{code}</span>
          </summary>
          <KeyValue
            className="mt-2"
            rows={[
              ['Of', subject],
              ...seen.map(([name, value]) => [name, <Evidence key={name} value={value} />] as const),
            ]}
          />
        </details>
      </div>
      <MendDialog finding={finding} isOpen={isMending} onClose={() => setMending(false)} />
    </li>
  );
}

const Evidence = ({ value }: { readonly value: string | number | boolean }) => (
  <span className="numeric font-mono text-xs break-all">{String(value)}</span>
);
