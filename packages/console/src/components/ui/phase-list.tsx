import { Check, LoaderCircle, Minus, X } from 'lucide-react';

import { cx } from '../../lib/cx.ts';
import { Duration, Time } from './values.tsx';

/** Phases of a test in their order, and what to look at where one fails. */
const PHASES = [
  { phase: 'dns', label: 'Name', remedy: 'Check the host in the address, and that this machine resolves it.' },
  { phase: 'tcp', label: 'Connection', remedy: 'Check the port, firewalls, and whether an egress proxy is needed.' },
  { phase: 'tls', label: 'Certificate', remedy: 'Check https or http in the address, and the certificates it trusts.' },
  {
    phase: 'http',
    label: 'HTTP',
    remedy: 'Check the path of the address, most end in /v1, and the egress proxy where there is one.',
  },
  { phase: 'auth', label: 'Sign-in', remedy: 'Check the key: written whole, not revoked, for this organization.' },
  { phase: 'model', label: 'Models', remedy: 'Check that the key may use models, then discover them.' },
] as const;

/** How a test went, step by step. */
export interface PhasedTest {
  readonly success: boolean;
  /** Milliseconds. */
  readonly responseTime: number;
  readonly errors: readonly string[];
  readonly testedAt: string;
  readonly phases: readonly {
    readonly phase: (typeof PHASES)[number]['phase'];
    readonly ok: boolean;
    readonly durationMs: number;
    readonly finding: string;
  }[];
}

export interface PhaseListProps {
  readonly test: PhasedTest | undefined;
  readonly isRunning: boolean;
}

type Outcome = 'passed' | 'failed' | 'passed over' | 'running';

/** A test, step by step: how long each took, what it found, and what to do where it failed. */
export function PhaseList({ test, isRunning }: PhaseListProps) {
  if (test === undefined && !isRunning) return <p className="text-sm text-ink-3">Not tested yet.</p>;
  const phases = isRunning ? [] : (test?.phases ?? []);
  const beside = isRunning
    ? []
    : (test?.errors ?? []).filter((each) => !phases.some(({ finding }) => finding === each));
  return (
    <div className="grid gap-3" aria-live="polite" aria-busy={isRunning}>
      <ol aria-label="Steps of the test">
        {PHASES.map(({ phase, label, remedy }, at) => {
          const found = phases.find((each) => each.phase === phase);
          const outcome: Outcome = isRunning
            ? 'running'
            : found === undefined
              ? 'passed over'
              : found.ok
                ? 'passed'
                : 'failed';
          // Steps after the first that failed only say that they were not tried.
          const isFirstFailure = outcome === 'failed' && phases.find(({ ok }) => !ok) === found;
          return (
            <Step
              key={phase}
              label={label}
              outcome={outcome === 'failed' && !isFirstFailure ? 'passed over' : outcome}
              finding={found?.finding ?? (outcome === 'passed over' ? untried(phases, at) : undefined)}
              remedy={isFirstFailure ? remedy : undefined}
              durationMs={found !== undefined && (found.ok || isFirstFailure) ? found.durationMs : undefined}
            />
          );
        })}
      </ol>
      {beside.map((each) => (
        <LongText key={each} text={each} className="rounded-md bg-bad-soft p-3 text-sm text-bad" />
      ))}
      {test !== undefined && !isRunning && (
        <p className="text-xs text-ink-3">
          {test.success ? 'It works' : 'It does not work'}, tested <Time at={test.testedAt} isAge /> in{' '}
          <Duration value={test.responseTime} />.
        </p>
      )}
    </div>
  );
}

/** Why a step has no finding: one after it went well, or one before it failed. */
function untried(phases: PhasedTest['phases'], at: number): string | undefined {
  const later: readonly string[] = PHASES.slice(at + 1).map(({ phase }) => phase);
  if (phases.some(({ phase, ok }) => ok && later.includes(phase))) return 'Not needed at this address.';
  return phases.some(({ ok }) => !ok) ? 'Not tried.' : undefined;
}

const LOOKS: Readonly<Record<Outcome, string>> = {
  passed: 'bg-good-soft text-good',
  failed: 'bg-bad-soft text-bad',
  'passed over': 'bg-hover text-ink-3',
  running: 'bg-accent-soft text-accent',
};

const ICONS = { passed: Check, failed: X, 'passed over': Minus, running: LoaderCircle } as const;

interface StepProps {
  readonly label: string;
  readonly outcome: Outcome;
  readonly finding: string | undefined;
  readonly remedy: string | undefined;
  readonly durationMs: number | undefined;
}

function Step({ label, outcome, finding, remedy, durationMs }: StepProps) {
  const Icon = ICONS[outcome];
  return (
    <li className="relative grid grid-cols-[1.5rem_minmax(0,1fr)_auto] gap-x-3 pb-3 last:pb-0 not-last:before:absolute not-last:before:top-6 not-last:before:bottom-0 not-last:before:left-3 not-last:before:w-px not-last:before:bg-line">
      <span className={cx('grid size-6 place-items-center rounded-full', LOOKS[outcome])}>
        <Icon className={cx('size-3.5', outcome === 'running' && 'animate-spin')} aria-hidden />
      </span>
      <div className="min-w-0 pt-0.5">
        <p className="text-sm font-medium">
          {label} <span className="sr-only">{outcome}</span>
        </p>
        {finding !== undefined && <LongText text={finding} className="text-xs text-ink-2" />}
        {remedy !== undefined && <p className="mt-0.5 text-xs text-ink-3">{remedy}</p>}
      </div>
      {durationMs !== undefined && <Duration value={durationMs} className="pt-0.5 text-xs text-ink-3" />}
    </li>
  );
}

/** Characters from which a text scrolls in its place; then it takes the keys as well. */
const LONG_CHARACTERS = 400;

const LongText = ({ text, className }: { readonly text: string; readonly className: string }) => (
  <p
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    tabIndex={text.length > LONG_CHARACTERS ? 0 : undefined}
    className={cx('max-h-40 overflow-auto break-words', className)}
  >
    <bdi>{text}</bdi>
  </p>
);
