import type { RefusalCount } from '../../telemetry/refusal-book.ts';
import { defineCheck, type CodeFacts, type Found } from '../check.ts';

/** Operations by what they are found as: the start of their ids. */
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/^providers\.(?:create|update|replace)/, 'provider-rejected'],
  [/^models\./, 'model-rejected'],
  [/^templates\./, 'template-rejected'],
  [/^(?:transfer|imports?|exports?|backups?|configuration)\./, 'import-rejected'],
  [/^providers\.(?:import|export)/, 'import-rejected'],
];
const codeOf = (operation: string): string | undefined => KINDS.find(([ids]) => ids.test(operation))?.[1];

const facts = (title: string): CodeFacts => ({ severity: 'info', title });

/** Callers see each rejection once and alone; together they show a script or a form that is out of date. */
export const requestsRejected = defineCheck({
  id: 'requests-rejected',
  title: 'Whether changes of providers, models, templates and imports were rejected lately',
  codes: {
    'provider-rejected': facts('A provider could not be created or changed'),
    'model-rejected': facts('A model could not be created or changed'),
    'template-rejected': facts('A template could not be found or applied'),
    'import-rejected': facts('An import, export or backup was rejected'),
  },
  symptoms: [
    'providers-create',
    'providers-template-fails',
    'providers-template-missing',
    'integration-models',
    'integration-import',
  ],
  reach: 'here',
  needs: ['refusals'],
  run: ({ refusals }) => Promise.resolve(refusals.recent().flatMap(found)),
});

function found({ operation, why, detail, count, lastAtMs }: RefusalCount): readonly Found[] {
  const code = codeOf(operation);
  if (code === undefined || !/^[A-Z]/.test(why)) return [];
  return [
    {
      code,
      subject: `operation ${operation}`,
      cause: `${operation} was rejected ${count === 1 ? 'once' : `${count} times`} with ${why}${detail === '' ? '' : `: ${detail}`}`,
      remedy:
        'Send it again with what the answer names put right; `GET /docs` shows each member, and `/openapi.json` its shape.',
      evidence: { operation, code: why, count, last: new Date(lastAtMs).toISOString() },
    },
  ];
}
