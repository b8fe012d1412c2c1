import type { Finding } from '@patchbay/contract/resources/diagnostics';

/** What an examination came to, as it is shown. */
export interface ShownExamination {
  readonly findings: readonly Finding[];
  /** What was mended, by code and subject. */
  readonly mended: ReadonlyMap<string, string>;
  /** Who was looked at, e.g. `the gateway at http://127.0.0.1:8000`. */
  readonly where: string;
}

const HEADINGS = { error: 'Errors', warning: 'Warnings', info: 'Worth knowing' } as const;
const COLOURS = { error: 31, warning: 33, info: 36 } as const;
const ORDER = ['error', 'warning', 'info'] as const;

/** Name of a finding among those that were mended. */
export const nameOf = ({ code, subject }: Pick<Finding, 'code' | 'subject'>): string => `${code} ${subject}`;

/** Findings for people, the gravest first; remedies stand on lines of their own, to be copied. */
export function showFindings({ findings, mended, where }: ShownExamination, inColour: boolean): string {
  const paint = (code: number, text: string): string => (inColour ? `\u001B[${code}m${text}\u001B[0m` : text);
  if (findings.length === 0) return paint(32, `Nothing is wrong with ${where}.`);
  const sections = ORDER.flatMap((severity) => {
    const own = findings.filter((each) => each.severity === severity);
    if (own.length === 0) return [];
    const heading = paint(COLOURS[severity], `${HEADINGS[severity]} (${own.length})`);
    return [[heading, ...own.map((each) => shown(each, mended.get(nameOf(each)), paint))].join('\n\n')];
  });
  const errors = findings.filter((each) => each.severity === 'error' && !mended.has(nameOf(each))).length;
  const counts = [
    `${counted(findings.length, 'finding')} in ${where}`,
    ...(mended.size > 0 ? [`${mended.size} mended`] : []),
    `${counted(errors, 'error')}${mended.size > 0 ? ' left' : ''}`,
  ];
  return [...sections, `${counts.join(', ')}.`].join('\n\n');
}

const counted = (count: number, noun: string): string =>
  `${count === 0 ? 'no' : count} ${noun}${count === 1 ? '' : 's'}`;

function shown(finding: Finding, done: string | undefined, paint: (code: number, text: string) => string): string {
  const { title, code, subject, cause, remedy, fixable } = finding;
  const last = done === undefined ? `    ${remedy}` : `    ${paint(32, `Mended: ${done}`)}`;
  const hint = fixable && done === undefined ? ['    (patchbay doctor --fix does it)'] : [];
  return [`  ${paint(1, title)}  [${code}]`, `    ${subject}: ${cause}`, last, ...hint].join('\n');
}
