import { standing } from './derive.mjs';

const COLUMNS = [
  ['a second', 'perSecond', 0],
  ['CPU-s/10k', 'cpuPer10k', 3],
  ['core %', 'corePercent', 0],
  ['p50 ms', 'p50Ms', 2],
  ['p99 ms', 'p99Ms', 2],
  ['first byte p50', 'firstByteP50Ms', 2],
  ['first byte p99', 'firstByteP99Ms', 2],
  ['µs/event', 'cpuMicrosPerEvent', 1],
  ['events/read', 'eventsPerRead', 1],
  ['stalls', 'stalls', 0],
  ['idle MB', 'idleMb', 0],
  ['peak MB', 'peakMb', 0],
  ['after MB', 'afterMb', 0],
  ['start ms', 'startMs', 0],
  ['MB/s', 'megabytesPerSecond', 0],
  ['events/s', 'eventsPerSecondOneCore', 0],
  ['ns', 'nanoseconds', 0],
  ['bad', 'bad', 0],
  ['errors', 'errors', 0],
  ['foreign %', 'foreignPercent', 0],
];

const number = (value, digits) =>
  value === undefined
    ? ''
    : value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
const shown = (value) => number(value, Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2);

/** One case as a table; columns without any value are left out. */
export function caseTable(series) {
  const entries = Object.entries(series);
  const columns = COLUMNS.filter(([, field]) => entries.some(([, each]) => each[field] !== undefined));
  const lines = entries.map(([key, each]) => [key, ...columns.map(([, field, digits]) => number(each[field], digits))]);
  return markdown(['', ...columns.map(([title]) => title)], lines);
}

/** What the figures say, against the bars of the design. */
export function goalTable(rows) {
  const bar = ({ better, first, goal }) =>
    [first, goal].map((each) => (each === undefined ? '' : `${better === 'higher' ? '≥' : '≤'} ${each}`));
  return markdown(
    ['', 'measured', 'first bar', 'goal', ''],
    rows.map((row) => [row.title, shown(row.value), ...bar(row), standing(row)]),
  );
}

/** A Markdown table whose columns also line up in a terminal. */
function markdown(head, lines) {
  const widths = head.map((title, index) => Math.max(title.length, 3, ...lines.map((line) => line[index].length)));
  const cell = (text, index) => (index === 0 ? text.padEnd(widths[index]) : text.padStart(widths[index]));
  const line = (cells) => `| ${cells.map(cell).join(' | ')} |`;
  const rule = `|${widths.map((width, index) => (index === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  return [line(head), rule, ...lines.map(line)].join('\n');
}

/** The whole result as a document. */
export function document({ about, cases, rows, comparison }) {
  const parts = [
    '# Benchmarks',
    'Written by `npm run bench -- --write`; do not edit. Loopback, plain HTTP/1.1, a mock vendor in place of a real one.',
    about.map((each) => `- ${each}`).join('\n'),
    '## Against the goals',
    goalTable(rows),
    ...cases.flatMap(({ title, series }) => [`## ${title}`, caseTable(series)]),
    comparison === '' ? '' : `## Against the baseline\n\n${comparison}`,
  ];
  return `${parts.filter((each) => each !== '').join('\n\n')}\n`;
}

/** Regressions as sentences. */
export function comparisonText({ regressions, remark }) {
  if (remark !== '') return remark;
  if (regressions.length === 0) return 'Nothing is more than 10 % worse than the baseline.';
  return regressions
    .map(
      (each) =>
        `WORSE: ${each.title}: ${shown(each.value)}, was ${shown(each.before)} (${Math.round(each.worseBy * 100)} % worse).`,
    )
    .join('\n');
}
