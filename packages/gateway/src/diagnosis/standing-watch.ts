import type { Finding } from '@patchbay/contract/resources/diagnostics';
import type { Clock } from '@patchbay/llm/model/clock';

import type { Repositories } from '../storage/ports.ts';
import type { Doctor } from './doctor.ts';

/** What is new since the round before. */
export interface News {
  readonly found: readonly Finding[];
  readonly resolved: readonly Finding[];
}

/** What a standing watch needs. */
export interface StandingWatchParts {
  readonly doctor: Pick<Doctor, 'examine'>;
  readonly rows: Pick<Repositories, 'events'>;
  readonly clock: Clock;
  readonly newId: () => string;
  /** How often it looks, in milliseconds; 0 for never. */
  readonly everyMs: number;
  /** Told of news besides. Default: nobody is. */
  readonly tell?: (news: News) => Promise<void>;
  readonly onError: (error: unknown) => void;
}

/** Looks at what can be looked at without dialling anybody, again and again. */
export interface StandingWatch {
  /** Looks now; resolves to what is new. */
  round(): Promise<News>;
  close(): void;
}

/** Events that are read to know what was told before. */
const REMEMBERED = 500;
/** What is gone for one round only is not well again. */
const ROUNDS_GONE = 2;

interface Open {
  readonly finding: Finding;
  gone: number;
}

/**
 * Starts to watch; the first round comes one interval after the start. What is found anew and what is well again becomes
 * an event, once, also over restarts.
 */
export function createStandingWatch(parts: StandingWatchParts): StandingWatch {
  const { clock, everyMs, onError } = parts;
  let open: Map<string, Open> | undefined;
  let running: Promise<News> | undefined;
  const look = async (): Promise<News> => {
    open ??= await remembered(parts);
    const { findings } = await parts.doctor.examine({ reach: 'here' });
    const news = compare(open, findings);
    await keep(parts, news);
    // A receiver that is away must not make the event come twice.
    if (news.found.length + news.resolved.length > 0) await parts.tell?.(news).catch(onError);
    return news;
  };
  const round = (): Promise<News> => {
    running ??= look().finally(() => {
      running = undefined;
    });
    return running;
  };
  const stop = everyMs === 0 ? () => undefined : clock.every(everyMs, () => void round().catch(onError));
  return { round, close: stop };
}

const nameOf = ({ code, subject }: Pick<Finding, 'code' | 'subject'>): string => `${code} ${subject}`;

/** Takes a round in. What is only worth knowing is nobody's news. */
function compare(open: Map<string, Open>, findings: readonly Finding[]): News {
  const grave = findings.filter(({ severity }) => severity !== 'info');
  const now = new Set(grave.map(nameOf));
  const found = grave.filter((finding) => !open.has(nameOf(finding)));
  for (const finding of grave) open.set(nameOf(finding), { finding, gone: 0 });
  // A check that could not be made says nothing of what it found before.
  const isWhole = !findings.some(({ code }) => code === 'check-failed');
  const resolved: Finding[] = [];
  for (const [name, each] of open) {
    if (now.has(name) || !isWhole) continue;
    each.gone += 1;
    if (each.gone < ROUNDS_GONE) continue;
    open.delete(name);
    resolved.push(each.finding);
  }
  return { found, resolved };
}

const TYPES = { info: 'info', warning: 'warning', error: 'error' } as const;

async function keep({ rows, clock, newId }: StandingWatchParts, { found, resolved }: News): Promise<void> {
  const atMs = clock.nowMs();
  const event = (finding: Finding, state: 'found' | 'resolved') => ({
    id: newId(),
    atMs,
    type: state === 'found' ? TYPES[finding.severity] : 'info',
    category: 'system',
    message:
      state === 'found' ? `${finding.title}: ${finding.cause}` : `Well again: ${finding.title} (${finding.subject}).`,
    details: { doctor: state, ...finding },
  });
  const events = [...found.map((each) => event(each, 'found')), ...resolved.map((each) => event(each, 'resolved'))];
  if (events.length > 0) await rows.events.insertMany(events);
}

/** What was told before and is not resolved, as the events have it. */
async function remembered({ rows }: StandingWatchParts): Promise<Map<string, Open>> {
  const { items } = await rows.events.page({
    where: { category: 'system' },
    sortBy: 'atMs',
    sortOrder: 'desc',
    limit: REMEMBERED,
  });
  const open = new Map<string, Open>();
  for (const { details } of items.toReversed()) {
    if (details === undefined || typeof details['doctor'] !== 'string') continue;
    const { doctor: state, ...finding } = details as unknown as Finding & { readonly doctor: string };
    if (state === 'found') open.set(nameOf(finding), { finding, gone: 0 });
    else open.delete(nameOf(finding));
  }
  return open;
}
