import type { RequestLog } from '@patchbay/contract/resources/request-log';

import { Duration } from '../../components/ui/values.tsx';
import { callTone } from '../../lib/call-words.ts';
import { cx } from '../../lib/cx.ts';
import { showDuration } from '../../lib/format.ts';
import type { Names } from '../../lib/use-names.ts';
import { waterfallOf, type Phase, type TraceMark } from './waterfall.ts';

export interface WaterfallViewProps {
  readonly attempts: readonly RequestLog[];
  readonly trace: readonly TraceMark[] | undefined;
  readonly names: Names;
}

const MARKS = [0, 0.25, 0.5, 0.75, 1];
/** Spans in which whole milliseconds would name two marks alike. */
const SHORT_MS = 8;

/** When each attempt began, waited and answered. */
export function WaterfallView({ attempts, trace, names }: WaterfallViewProps) {
  const { totalMs, stages, lines } = waterfallOf(attempts, trace);
  return (
    <section>
      <header className="mb-2 flex items-baseline gap-3">
        <h3 className="flex-1 text-sm font-semibold">Time</h3>
        <Duration value={totalMs} className="text-sm text-ink-2" />
      </header>
      <ol className="grid gap-2 rounded-md border border-line px-3 py-3">
        {stages.length > 0 && <Line label="Gateway" phases={stages} totalMs={totalMs} tone="neutral" />}
        {lines.map(({ attempt, phases }, at) => (
          <Line
            key={attempt}
            label={nameOf(attempts[at], names)}
            phases={phases}
            totalMs={totalMs}
            tone={toneOf(attempts[at])}
          />
        ))}
        <li aria-hidden className="numeric flex justify-between pt-1 text-2xs text-ink-3 sm:ml-48">
          {MARKS.map((share) => (
            <span key={share}>{showDuration(markOf(totalMs, share)).text}</span>
          ))}
        </li>
      </ol>
      {trace === undefined && (
        <p className="mt-1.5 text-xs text-ink-3">
          Calls with the header <code className="font-mono">X-Trace-Enabled: true</code> also tell when they connected
          and got their headers, as long as their trace is kept.
        </p>
      )}
    </section>
  );
}

const GROUNDS = { good: 'bg-good', warn: 'bg-warn', bad: 'bg-bad', neutral: 'bg-ink-3' } as const;
/** From waiting to answering, the darker the nearer to the answer. */
const STRENGTHS = ['opacity-35', 'opacity-50', 'opacity-65', 'opacity-90'] as const;

const nameOf = (call: RequestLog | undefined, names: Names): string =>
  call?.account_id ? `${call.attempt}. ${names.account(call.account_id)}` : 'Not sent';

const toneOf = (call: RequestLog | undefined): Tone => (call === undefined ? 'neutral' : callTone(call));

type Tone = keyof typeof GROUNDS;

interface LineProps {
  readonly label: string;
  readonly phases: readonly Phase[];
  readonly totalMs: number;
  readonly tone: Tone;
}

const Line = ({ label, phases, totalMs, tone }: LineProps) => {
  const percent = (ms: number): string => `${Math.min(100, Math.max(0, (ms / totalMs) * 100))}%`;
  const told = phases.map(({ name, fromMs, toMs }) => `${name}: ${showDuration(round(toMs - fromMs)).text}`);
  return (
    <li className="grid items-center gap-x-4 gap-y-1 sm:grid-cols-[11rem_minmax(0,1fr)]">
      <bdi className="numeric truncate text-sm" title={label}>
        {label}
      </bdi>
      <span role="img" aria-label={told.join(', ')} className="relative block h-5 rounded-sm bg-sunken">
        {phases.map(({ name, fromMs, toMs }, at) => (
          <span
            key={`${name} ${fromMs}`}
            title={told[at]}
            className={cx(
              'absolute inset-y-0.5 min-w-0.5 rounded-sm',
              GROUNDS[tone],
              STRENGTHS[at + STRENGTHS.length - phases.length] ?? STRENGTHS[0],
            )}
            style={{ left: percent(fromMs), width: percent(toMs - fromMs) }}
          />
        ))}
      </span>
      <span className="numeric text-xs text-ink-3 sm:col-start-2">{told.join(' · ')}</span>
    </li>
  );
};

const markOf = (totalMs: number, share: number): number =>
  totalMs < SHORT_MS ? Math.round(totalMs * share * 10) / 10 : Math.round(totalMs * share);

const round = (ms: number): number => Math.round(ms * 1000) / 1000;
