import type { Finding } from '@patchbay/contract/resources/diagnostics';

import type { DoctorPorts } from './ports.ts';
import type { SymptomId } from './symptoms.ts';

/** A finding as a check states it: the code's own title, severity and fix are declared once for all its findings. */
export type Found = Pick<Finding, 'subject' | 'cause' | 'remedy' | 'evidence'> & {
  readonly code: string;
  /** Where this one is graver or lighter than its code usually is. */
  readonly severity?: Finding['severity'];
};

/** What all findings of one code share. */
export interface CodeFacts {
  readonly severity: Finding['severity'];
  readonly title: string;
  /** Codes of other checks that this one is the cause of: they are not shown beside it. */
  readonly explains?: readonly string[];
}

/** One thing to look at, of the parts that it `needs`. */
export interface CheckDeclaration<Need extends keyof DoctorPorts> {
  /** As the file is called. */
  readonly id: string;
  /** What is looked at, in one line. */
  readonly title: string;
  /** Every code it may find: stable, kebab-case, and without the name of a subject. */
  readonly codes: Readonly<Record<string, CodeFacts>>;
  /** Symptoms of the guides that it explains. */
  readonly symptoms: readonly SymptomId[];
  /** `here` reads memory, files and stores of our own; `network` dials somebody. */
  readonly reach: 'here' | 'network';
  readonly needs: readonly Need[];
  readonly run: (ports: Pick<DoctorPorts, Need>, signal: AbortSignal) => Promise<readonly Found[]>;
  /** Mends a finding of a code, safely and so that it can be undone; resolves to a sentence that says what was done. */
  readonly fixes?: Readonly<Record<string, (ports: Pick<DoctorPorts, Need>, finding: Found) => Promise<string>>>;
}

/** A check whose needs are its own business. */
export interface Check extends Pick<CheckDeclaration<never>, 'id' | 'title' | 'codes' | 'symptoms' | 'reach'> {
  readonly needs: readonly (keyof DoctorPorts)[];
  readonly fixable: ReadonlySet<string>;
  /** What is wrong; `undefined` where a part that it looks at is not there. */
  look(ports: Partial<DoctorPorts>, signal: AbortSignal): Promise<readonly Found[]> | undefined;
  /** Mends one finding; `undefined` where it cannot. */
  fix(ports: Partial<DoctorPorts>, finding: Found): Promise<string> | undefined;
}

/** Declares a check with the types of what it needs. */
export function defineCheck<Need extends keyof DoctorPorts>(declared: CheckDeclaration<Need>): Check {
  const { id, title, codes, symptoms, reach, needs, fixes = {} } = declared;
  const has = (ports: Partial<DoctorPorts>): ports is Pick<DoctorPorts, Need> =>
    needs.every((need) => ports[need] !== undefined);
  return {
    id,
    title,
    codes,
    symptoms,
    reach,
    needs,
    fixable: new Set(Object.keys(fixes)),
    look: (ports, signal) => (has(ports) ? declared.run(ports, signal) : undefined),
    fix: (ports, finding) => (has(ports) ? fixes[finding.code]?.(ports, finding) : undefined),
  };
}
