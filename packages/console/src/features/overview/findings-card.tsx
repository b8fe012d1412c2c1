import type { Finding } from '@patchbay/contract/resources/diagnostics';
import { Link } from '@tanstack/react-router';
import { ArrowRight, CircleCheck } from 'lucide-react';

import { Badge, type Tone } from '../../components/ui/badge.tsx';
import { Button } from '../../components/ui/button.tsx';
import { Card } from '../../components/ui/card.tsx';
import { Prose } from '../../components/ui/prose.tsx';
import { ErrorState, Skeleton } from '../../components/ui/states.tsx';
import { useOperation } from '../../lib/use-api.ts';

/** It looks at much: not more often than somebody would act on it. */
const REFRESH_MS = 60_000;
const SHOWN = 4;

const TONES: Readonly<Record<Finding['severity'], Tone>> = { error: 'bad', warning: 'warn', info: 'neutral' };

/** What the doctor found without dialling anybody, the gravest first. */
export function FindingsCard() {
  const { data, error, refetch } = useOperation(
    'diagnostics.run',
    { query: { reach: 'here' } },
    { everyMs: REFRESH_MS },
  );
  const findings = data?.findings ?? [];
  return (
    <Card
      title="Doctor"
      isPadded={false}
      {...(findings.length > 0 && { hint: `${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}` })}
      actions={
        <Button asChild variant="quiet" size="sm" className="-mr-2">
          <Link to="/doctor">
            Open
            <ArrowRight aria-hidden />
          </Link>
        </Button>
      }
    >
      {data === undefined && error !== null && (
        <ErrorState error={error} onRetry={() => void refetch()} className="py-8" />
      )}
      {data === undefined && error === null && (
        <div className="grid gap-3 p-4">
          <Skeleton className="h-5 w-4/5" />
          <Skeleton className="h-5 w-3/5" />
        </div>
      )}
      <ul className="divide-y divide-line">
        {findings.slice(0, SHOWN).map((each) => (
          <li key={`${each.code} ${each.subject}`} className="px-4 py-2.5">
            <p className="flex items-baseline gap-2">
              <Badge tone={TONES[each.severity]} className="shrink-0">
                {each.severity}
              </Badge>
              <span className="min-w-0 break-words">{each.title}</span>
            </p>
            <p className="mt-1 line-clamp-2 text-xs break-words text-ink-3" title={each.remedy}>
              <Prose text={each.remedy} />
            </p>
          </li>
        ))}
      </ul>
      {data !== undefined && findings.length === 0 && (
        <p className="flex items-center justify-center gap-2 px-4 py-6 text-ink-2">
          <CircleCheck className="size-4 text-good" aria-hidden />
          Nothing is wrong as far as can be seen from here.
        </p>
      )}
    </Card>
  );
}
