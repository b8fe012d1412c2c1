import type { DIAGNOSTICS_OPERATIONS } from '@patchbay/contract/operations/diagnostics';
import type { Clock } from '@patchbay/llm/model/clock';

import type { Doctor } from '../../diagnosis/doctor.ts';
import type { Examined } from '../../diagnosis/examine.ts';
import { done, refused, type Handlers } from '../handler.ts';
import { timestamp } from '../timestamp.ts';

/** What the operations of the doctor stand on. */
export interface DiagnosticsParts {
  readonly doctor: Doctor;
  readonly clock: Clock;
}

/** What is wrong, and its mending. */
export function diagnosticsHandlers({
  doctor,
  clock,
}: DiagnosticsParts): Handlers<keyof typeof DIAGNOSTICS_OPERATIONS> {
  const run = async (reach: 'here' | 'network' | undefined, signal: AbortSignal) => {
    const examined = await doctor.examine({ signal, ...(reach !== undefined && { reach }) });
    return done(presentExamined(examined, clock.nowMs()));
  };
  return {
    'diagnostics.run': ({ query: { reach } }, { signal }) => run(reach, signal),
    'diagnostics.runNow': ({ query: { reach } }, { signal }) => run(reach, signal),
    'diagnostics.fix': async ({ body: { code, subject } }) => {
      const mended = await doctor.fix(code, subject);
      if (mended === 'absent')
        return refused({ code: 'NOT_FOUND', message: `Nothing such is found now: \`${code}\` of ${subject}.` });
      if (mended === 'by-hand')
        return refused({ code: 'VALIDATION_ERROR', message: `\`${code}\` is to be mended by hand: see its remedy.` });
      return done(mended, { resource: 'finding', resourceId: `${code} ${subject}`, after: mended });
    },
  };
}

/** An examination as it is answered. */
export const presentExamined = ({ findings, ran, skipped, tookMs }: Examined, nowMs: number) => ({
  sound: findings.every(({ severity }) => severity !== 'error'),
  findings: [...findings],
  checks: { ran, skipped: [...skipped] },
  tookMs,
  timestamp: timestamp(nowMs),
});
