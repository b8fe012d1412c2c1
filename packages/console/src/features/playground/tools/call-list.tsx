import { Wrench } from 'lucide-react';
import { useState } from 'react';

import { Button } from '../../../components/ui/button.tsx';
import { CodeBlock } from '../../../components/ui/code.tsx';
import { Field } from '../../../components/ui/field.tsx';
import { Textarea } from '../../../components/ui/input.tsx';
import type { ToolCall } from '../conversation.ts';

export interface CallListProps {
  readonly calls: readonly ToolCall[];
  /** Takes what the tools answered, in the order of the calls; absent while nothing is to be answered. */
  readonly onAnswer: ((results: readonly string[]) => void) | undefined;
}

/** Tools that a model called: their arguments as they come, and a place for what they answer. */
export function CallList({ calls, onAnswer }: CallListProps) {
  const [results, setResults] = useState<readonly string[]>([]);
  const isWhole = calls.every((_, at) => (results[at] ?? '').trim() !== '');
  const send = (): void => {
    if (isWhole) onAnswer?.(calls.map((_, at) => results[at] ?? ''));
  };
  return (
    <form
      className="grid gap-2.5"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {calls.map((call, at) => (
        <CallCard
          key={at}
          call={call}
          {...(onAnswer !== undefined && {
            answer: {
              text: results[at] ?? '',
              onChange: (text) => setResults(calls.map((_, of) => (of === at ? text : (results[of] ?? '')))),
              onSend: send,
            },
          })}
        />
      ))}
      {onAnswer !== undefined && (
        <Button type="submit" disabled={!isWhole} className="w-fit">
          {calls.length === 1 ? 'Give the answer' : `Give ${calls.length} answers`}
        </Button>
      )}
    </form>
  );
}

interface CallCardProps {
  readonly call: ToolCall;
  readonly answer?: {
    readonly text: string;
    readonly onChange: (text: string) => void;
    readonly onSend: () => void;
  };
}

const CallCard = ({ call: { name, argumentsJson, result }, answer }: CallCardProps) => (
  <div className="grid min-w-0 gap-2 rounded-md border border-line p-2.5">
    <p className="flex min-w-0 items-center gap-1.5 text-xs font-medium text-ink-2">
      <Wrench className="size-3.5 shrink-0 text-ink-3" aria-hidden />
      <span className="min-w-0 truncate font-mono">{name}</span>
    </p>
    <CodeBlock text={readable(argumentsJson)} label={`Arguments of ${name}`} wraps />
    {result !== undefined && <CodeBlock text={result} label={`Answer of ${name}`} wraps />}
    {answer !== undefined && (
      <Field label={`What ${name} answers`} hint="Text or JSON, as your program would give it.">
        {(control) => (
          <Textarea
            {...control}
            className="min-h-16 resize-y font-mono text-xs"
            spellCheck={false}
            value={answer.text}
            onChange={(event) => answer.onChange(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey)) return;
              event.preventDefault();
              answer.onSend();
            }}
          />
        )}
      </Field>
    )}
  </div>
);

/** Laid out where it is whole JSON, else as it has come so far. */
function readable(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json === '' ? '…' : json;
  }
}
