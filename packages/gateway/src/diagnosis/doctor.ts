import type { Check } from './check.ts';
import { examine, type Examination, type Examined } from './examine.ts';

/** Looks a gateway over and mends what is safe to mend. */
export interface Doctor {
  examine(asked?: Pick<Examination, 'reach' | 'signal'>): Promise<Examined>;
  /**
   * Looks again and mends the finding with this code and subject; resolves to a sentence that says what was done,
   * `absent` where nothing such is found any more, `by-hand` where the remedy is nothing a program should do.
   */
  fix(code: string, subject: string): Promise<{ readonly done: string } | 'absent' | 'by-hand'>;
}

/** A doctor with these checks and what they may look at. */
export function createDoctor(given: Pick<Examination, 'checks' | 'ports' | 'clock'>): Doctor {
  const { checks, ports } = given;
  return {
    examine: (asked) => examine({ ...given, ...asked }),
    fix: async (code, subject) => {
      const check: Check | undefined = checks.find(({ codes }) => code in codes);
      if (check === undefined) return 'absent';
      const { findings } = await examine({ ...given, checks: [check] });
      const finding = findings.find((each) => each.code === code && each.subject === subject);
      if (finding === undefined) return 'absent';
      const mending = check.fix(ports, finding);
      return mending === undefined ? 'by-hand' : { done: await mending };
    },
  };
}
