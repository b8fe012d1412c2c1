import type { ImportResult } from '@patchbay/contract/resources/transfer';
import { useState } from 'react';

import { Badge, type Tone } from '../../components/ui/badge.tsx';
import { Button } from '../../components/ui/button.tsx';
import { ChangeList } from '../../components/ui/change-list.tsx';
import { Num } from '../../components/ui/values.tsx';
import { OUTCOMES, type Outcome } from './words.ts';

type Thing = ImportResult['details'][number];

export interface OutcomeListProps {
  readonly result: ImportResult;
  /** True for what would be done. */
  readonly isTrial: boolean;
}

const TONES: Readonly<Record<Outcome, Tone>> = { error: 'bad', updated: 'warn', created: 'good', skipped: 'neutral' };
/** Things shown at once: a document may hold a hundred thousand. */
const SHOWN = 100;
/** Mistakes shown at once. */
const ERRORS_SHOWN = 100;

/** What becomes of each thing of a document, by outcome; of what changes, member by member. */
export const OutcomeList = ({ result, isTrial }: OutcomeListProps) => (
  <div className="grid gap-4" aria-live="polite">
    {result.errors.length > 0 && <Mistakes errors={result.errors} />}
    {result.errors.length === 0 && result.details.length === 0 && (
      <p className="text-sm text-ink-3">There is nothing in it.</p>
    )}
    {OUTCOMES.map(({ outcome, would, did }) => (
      <Group
        key={outcome}
        title={isTrial ? would : did}
        outcome={outcome}
        things={result.details.filter(({ action }) => action === outcome)}
      />
    ))}
  </div>
);

const Mistakes = ({ errors }: { readonly errors: readonly string[] }) => (
  <section role="alert" className="rounded-md border border-bad/30 bg-bad-soft p-3">
    <h3 className="text-sm font-medium text-bad">
      Nothing is taken: <Num value={errors.length} /> {errors.length === 1 ? 'thing is' : 'things are'} wrong
    </h3>
    <ul
      // It scrolls where it is long, so the keys must reach it.
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      className="mt-2 grid max-h-56 gap-1 overflow-y-auto text-xs text-bad"
    >
      {errors.slice(0, ERRORS_SHOWN).map((each) => (
        <li key={each} className="break-words">
          <bdi>{each}</bdi>
        </li>
      ))}
    </ul>
  </section>
);

interface GroupProps {
  readonly title: string;
  readonly outcome: Outcome;
  readonly things: readonly Thing[];
}

function Group({ title, outcome, things }: GroupProps) {
  const [isOpen, setOpen] = useState(outcome !== 'skipped');
  const [shown, setShown] = useState(SHOWN);
  if (things.length === 0) return null;
  return (
    <section aria-label={title}>
      <header className="mb-1.5 flex items-center gap-2">
        <h3 className="text-sm font-semibold">{title}</h3>
        <Badge tone={TONES[outcome]}>
          <Num value={things.length} />
        </Badge>
        <Button size="sm" variant="quiet" className="ml-auto" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? 'Hide' : 'Show'}
        </Button>
      </header>
      {isOpen && (
        <ul className="overflow-hidden rounded-md border border-line">
          {things.slice(0, shown).map((each) => (
            <ThingItem key={`${each.type} ${each.identifier}`} thing={each} />
          ))}
          {things.length > shown && (
            <li className="px-3 py-2">
              <Button size="sm" onClick={() => setShown(shown + 10 * SHOWN)}>
                {things.length - shown} more
              </Button>
            </li>
          )}
        </ul>
      )}
    </section>
  );
}

const ThingItem = ({ thing }: { readonly thing: Thing }) => {
  const { type, identifier, message, before, after } = thing;
  const hasStates = before !== undefined || after !== undefined;
  return (
    <li className="grid gap-1.5 border-b border-line px-3 py-2 last:border-0">
      <p className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5 text-sm">
        <span className="w-16 shrink-0 text-xs text-ink-3">{type}</span>
        <bdi className="min-w-0 flex-1 basis-40 font-mono text-xs break-all">{identifier}</bdi>
        {!hasStates && (
          <span className="max-w-full text-xs break-words text-ink-3">
            <bdi>{message}</bdi>
          </span>
        )}
      </p>
      {hasStates && (
        <div className="sm:pl-19">
          <ChangeList
            label={`Changes of ${identifier}`}
            before={before}
            after={after}
            none={`${message} Secrets are not shown.`}
          />
        </div>
      )}
    </li>
  );
};
