import { FINDING_SEVERITIES, type Finding } from '@patchbay/contract/resources/diagnostics';
import type { Clock } from '@patchbay/llm/model/clock';

import type { Check, CodeFacts, Found } from './check.ts';
import type { DoctorPorts } from './ports.ts';

/** How long and how far to look. */
export interface Examination {
  readonly checks: readonly Check[];
  readonly ports: Partial<DoctorPorts>;
  readonly clock: Clock;
  /** Default: both. `here` leaves out everything that dials. */
  readonly reach?: 'here' | 'network';
  /** Longest wait for one check, in milliseconds. Default 10,000. */
  readonly checkMs?: number;
  /** Longest wait for all of them, in milliseconds. Default 12,000: dead networks must not make anybody wait. */
  readonly totalMs?: number;
  /** Checks that run side by side. Default 8. */
  readonly sideBySide?: number;
  readonly signal?: AbortSignal;
}

/** What an examination saw. */
export interface Examined {
  /** The gravest first, then by code and subject. */
  readonly findings: readonly Finding[];
  readonly ran: number;
  readonly skipped: readonly string[];
  readonly tookMs: number;
}

/** What a check that broke down is found as. */
const CHECK_FAILED: CodeFacts = { severity: 'warning', title: 'A check of the doctor could not be made' };

/** Runs checks side by side; one that fails or hangs is itself a finding and holds up none of the others. */
export async function examine(given: Examination): Promise<Examined> {
  const { checks, ports, clock, reach = 'network', sideBySide = 8, totalMs = 12_000 } = given;
  const startedMs = clock.monotonicMs();
  const waiting = checks.filter((check) => reach === 'network' || check.reach === 'here').values();
  const seen: Seen[] = [];
  const skipped: string[] = [];
  let ran = 0;
  const workers = Array.from({ length: sideBySide }, async () => {
    for (const check of waiting) {
      const leftMs = Math.max(1, startedMs + totalMs - clock.monotonicMs());
      const found = await lookAt(check, ports, { ...given, leftMs });
      if (found === undefined) skipped.push(check.id);
      else {
        ran += 1;
        seen.push(...found);
      }
    }
  });
  await Promise.all(workers);
  return { findings: sorted(seen), ran, skipped, tookMs: Math.round(clock.monotonicMs() - startedMs) };
}

interface Seen {
  readonly finding: Finding;
  readonly explains: readonly string[];
}

async function lookAt(
  check: Check,
  ports: Partial<DoctorPorts>,
  { clock, checkMs = 10_000, signal, leftMs }: Examination & { readonly leftMs: number },
): Promise<readonly Seen[] | undefined> {
  const longestMs = Math.min(checkMs, leftMs);
  const over = new AbortController();
  const ended = signal === undefined ? over.signal : AbortSignal.any([over.signal, signal]);
  const late = clock.sleep(longestMs, ended).then(() => LATE);
  try {
    const looking = check.look(ports, ended);
    if (looking === undefined) return undefined;
    const found = await Promise.race([looking, late]);
    return typeof found === 'symbol'
      ? [broken(check, `it took longer than ${Math.round(longestMs)} ms`)]
      : shown(check, found);
  } catch (error) {
    return [broken(check, error instanceof Error ? error.message : String(error))];
  } finally {
    over.abort();
  }
}

const LATE = Symbol('late');

const shown = (check: Check, found: readonly Found[]): readonly Seen[] =>
  found.map((each) => {
    const facts = check.codes[each.code];
    if (facts === undefined) throw new TypeError(`${check.id} found ${each.code}, which it does not declare.`);
    const { severity, title, explains = [] } = facts;
    return { finding: { severity, title, ...each, fixable: check.fixable.has(each.code) }, explains };
  });

const broken = ({ id, title }: Check, why: string): Seen => ({
  finding: {
    ...CHECK_FAILED,
    code: 'check-failed',
    subject: `check ${id}`,
    cause: `“${title}” could not be looked at: ${why}.`,
    remedy: 'Run `patchbay doctor` again; if it stays, send the support bundle with your report.',
    evidence: { check: id },
    fixable: false,
  },
  explains: [],
});

/** One finding for one cause: what another finding explains and what was found twice is left out. */
function sorted(seen: readonly Seen[]): readonly Finding[] {
  const causes = seen.filter(({ explains }) => explains.length > 0);
  const byName = new Map<string, Finding>();
  for (const { finding } of seen) {
    const name = `${finding.code} ${finding.subject}`;
    const isExplained = causes.some(
      ({ explains, finding: cause }) => explains.includes(finding.code) && isOf(cause, finding),
    );
    if (!isExplained && !byName.has(name)) byName.set(name, finding);
  }
  const gravity = ({ severity }: Finding): number => -FINDING_SEVERITIES.indexOf(severity);
  return [...byName.values()].toSorted(
    (one, other) =>
      gravity(one) - gravity(other) || one.code.localeCompare(other.code) || one.subject.localeCompare(other.subject),
  );
}

/** What a cause is found of, as its evidence names it, its effect is found of too; a cause of the whole has effects everywhere. */
const isOf = (cause: Finding, effect: Finding): boolean =>
  SCOPES.every((scope) => cause.evidence[scope] === undefined || cause.evidence[scope] === effect.evidence[scope]);

/** Members of the evidence that say whose finding it is. */
const SCOPES = ['provider', 'account', 'model', 'proxy'] as const;
