import { defineCheck, type Found } from '../check.ts';
import type { RecorderState } from '../watch/recorder-watch.ts';

/** So many that wait are more than a busy second brings: the writer does not keep up. */
const BEHIND = 10_000;

/** What is not written down cannot be billed, counted or explained afterwards. */
export const logWriters = defineCheck({
  id: 'log-writers',
  title: 'Whether calls are written down',
  codes: {
    'log-calls-dropped': { severity: 'error', title: 'Calls were not written down', explains: ['log-writer-behind'] },
    'log-writer-behind': { severity: 'warning', title: 'Calls wait to be written down' },
    'log-lines-dropped': { severity: 'warning', title: 'Lines of the log were lost' },
    'log-bodies-dropped': { severity: 'warning', title: 'Bodies of calls were not kept' },
    'log-spans-dropped': { severity: 'warning', title: 'Calls were not traced' },
    'log-records-lost': { severity: 'error', title: 'Records were lost' },
  },
  symptoms: ['accounts-logs'],
  reach: 'here',
  needs: ['recorders'],
  run: ({ recorders }) => Promise.resolve(recorders.states().flatMap((state) => [...dropped(state), ...behind(state)])),
});

function dropped({ id, droppedLately, failure }: RecorderState): readonly Found[] {
  if (droppedLately === 0) return [];
  const [code, what, remedy] = DROPPED[id];
  const why = failure === undefined ? '' : ` The last write failed: ${failure}`;
  return [
    {
      code,
      subject: 'gateway',
      cause: `${droppedLately} ${what} in the last quarter of an hour.${why}`,
      remedy,
      evidence: { dropped: droppedLately, ...(failure !== undefined && { failure }) },
    },
  ];
}

function behind({ id, queued, failure }: RecorderState): readonly Found[] {
  if (id !== 'calls' || (queued < BEHIND && (failure === undefined || queued === 0))) return [];
  return [
    {
      code: 'log-writer-behind',
      subject: 'gateway',
      cause: `${queued} calls wait to be written${failure === undefined ? ': more come than the store takes' : `, because the last write failed: ${failure}`}`,
      remedy:
        'They are written as soon as the store takes them, up to 50,000. Look at the store: `patchbay doctor`, its disk and its load.',
      evidence: { queued, ...(failure !== undefined && { failure }) },
    },
  ];
}

const DROPPED: Readonly<Record<RecorderState['id'], readonly [code: string, what: string, remedy: string]>> = {
  calls: [
    'log-calls-dropped',
    'calls were not written because 50,000 waited already',
    'Make the store take them: look at its disk and its load; PostgreSQL (DATABASE_URL) takes more than one file does.',
  ],
  lines: [
    'log-lines-dropped',
    'lines were lost because nobody took them',
    'Let whatever reads standard output keep up, or write fewer lines: LOG_LEVEL=warn.',
  ],
  bodies: [
    'log-bodies-dropped',
    'bodies were not kept because too many waited',
    'Keep bodies of failed calls alone (CAPTURE_PAYLOADS=errors), or less of each (CAPTURE_MAX_BYTES).',
  ],
  spans: [
    'log-spans-dropped',
    'calls were not traced because the receiver did not take them',
    'Try the receiver: `curl -i "$OTEL_EXPORTER_OTLP_ENDPOINT"`, or unset it.',
  ],
  records: [
    'log-records-lost',
    'records were not taken by the log, a metric or the store',
    'Look for “a record was lost” in the log and send the support bundle.',
  ],
};
