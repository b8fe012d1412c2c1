import { operation } from '../operation.ts';
import { Diagnosis, FixedFinding, FixFinding, ListDiagnostics } from '../resources/diagnostics.ts';

const FACE = 'catalogue';

/** Operations of the doctor, by id. */
export const DIAGNOSTICS_OPERATIONS = {
  'diagnostics.run': operation({
    id: 'diagnostics.run',
    face: FACE,
    method: 'GET',
    path: '/api/system/diagnostics',
    permission: 'system:config',
    summary: 'What is wrong with this gateway, why, and what to do about it.',
    query: ListDiagnostics,
    output: Diagnosis,
    // The command tries the key that its environment has, and goes on without where that may not ask.
    refusalIsExpected: true,
  }),
  'diagnostics.runNow': operation({
    id: 'diagnostics.runNow',
    face: FACE,
    method: 'POST',
    path: '/api/system/diagnostics',
    permission: 'system:config',
    summary: 'Look now: the same, for callers that must not be answered from a cache.',
    query: ListDiagnostics,
    output: Diagnosis,
  }),
  'diagnostics.fix': operation({
    id: 'diagnostics.fix',
    face: FACE,
    method: 'POST',
    path: '/api/system/diagnostics/fix',
    permission: 'system:config',
    summary: 'Do the remedy of one finding, where that is safe.',
    body: FixFinding,
    output: FixedFinding,
    failures: ['NOT_FOUND', 'VALIDATION_ERROR'],
  }),
} as const;
