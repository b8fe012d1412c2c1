import { ApiError } from '@patchbay/contract/client';
import { Link } from '@tanstack/react-router';
import { CircleAlert, RotateCw } from 'lucide-react';

import { Button } from '../../components/ui/button.tsx';
import { CodeBlock } from '../../components/ui/code.tsx';
import { failureOf } from '../../lib/failure.ts';
import { useMay } from '../../lib/use-session.ts';

export interface StepFailureProps {
  /** Such as `The outline could not be made`. */
  readonly title: string;
  readonly error: Error | null;
  readonly onRetry: () => void;
}

const ADVICE: Readonly<Record<number, string>> = {
  403: 'Ask an administrator for a role that may do this.',
  413: 'Take a smaller document, or fewer slides.',
  422: 'Change what it names, then try again.',
  429: 'Wait a minute, then try again.',
  502: 'The provider failed, or its answer was of no use. Try again; if it stays so, choose another model in the settings.',
  504: 'The provider took too long. Try again, or ask for fewer slides.',
};

/** Why a step was not done, in the API's words, and what to do about it. */
export function StepFailure({ title, error, onRetry }: StepFailureProps) {
  const mayConfigure = useMay('system:config');
  if (error === null) return null;
  const { message, fields, suggestions } = failureOf(error);
  const status = error instanceof ApiError ? error.status : 0;
  const variables = status === 503 ? variablesIn(message) : [];
  return (
    <div role="alert" className="flex gap-3 rounded-md border border-bad/30 bg-bad-soft p-3 text-sm">
      <CircleAlert className="mt-0.5 size-4 shrink-0 text-bad" aria-hidden />
      <div className="grid min-w-0 flex-1 gap-2">
        <p className="font-semibold">{title}</p>
        <p className="max-h-40 overflow-hidden break-words">{message}</p>
        {Object.entries(fields).map(([name, said]) => (
          <p key={name} className="break-words">
            <span className="font-mono text-xs">{name}</span> {said}
          </p>
        ))}
        {suggestions.length > 0 && <p className="break-words">Perhaps {suggestions.join(', ')}.</p>}
        {ADVICE[status] !== undefined && <p className="text-ink-2">{ADVICE[status]}</p>}
        {variables.length > 0 && (
          <>
            <p className="text-ink-2">
              {mayConfigure
                ? 'Set one of these where the gateway runs, and start it again:'
                : 'Send this to whoever runs the gateway. One of these must be set there:'}
            </p>
            <CodeBlock label="Variables" text={variables.map((each) => `${each}=`).join('\n')} />
          </>
        )}
        <div className="flex flex-wrap gap-2">
          <Button size="sm" icon={<RotateCw aria-hidden />} onClick={onRetry}>
            Try again
          </Button>
          {variables.length > 0 && mayConfigure && (
            <Button size="sm" asChild>
              <Link to="/settings" search={{ search: variables[0] } as never}>
                Look at the settings
              </Link>
            </Button>
          )}
        </div>
      </div>
    </div>
  );
}

/** Names of environment variables in a sentence, each once. */
const variablesIn = (message: string): readonly string[] => [
  ...new Set(message.match(/\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g)),
];
