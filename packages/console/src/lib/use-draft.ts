import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';

import { failureOf, isOvertaken, type Failure } from './failure.ts';

/** A form, and what became of it. */
export interface DraftForm<Draft, Row> {
  readonly draft: Draft;
  readonly set: (change: Partial<Draft>) => void;
  /** The row that it was begun from; absent where a new one is made. */
  readonly base: Row | undefined;
  readonly failure: Failure | undefined;
  /** What somebody else saved meanwhile; it has to be taken over before the form can be sent again. */
  readonly other: Row | undefined;
  readonly takeOther: () => void;
  readonly isPending: boolean;
  readonly submit: () => void;
}

/** What a form is made of, and where it goes. */
export interface DraftWays<Draft, Row> {
  /** The row that is changed; absent: a new one is made. */
  readonly changed: Row | undefined;
  readonly draftOf: (row: Row | undefined) => Draft;
  readonly create: (draft: Draft) => Promise<Row>;
  /** Sends what was changed, with the version that it was made from. */
  readonly update: (base: Row, draft: Draft) => Promise<Row>;
  /** Reads the row as it is now. */
  readonly read: (base: Row) => Promise<Row>;
  readonly onDone: (done: Row) => void;
}

/** Holds what is written and sends it; of two who change the same at once the slower is told, and overwrites nothing. */
export function useDraft<Draft extends object, Row>(ways: DraftWays<Draft, Row>): DraftForm<Draft, Row> {
  const [base, setBase] = useState(ways.changed);
  const [draft, setDraft] = useState(() => ways.draftOf(ways.changed));
  const [other, setOther] = useState<Row>();
  const { mutate, reset, error, isPending } = useMutation({
    mutationFn: () => (base === undefined ? ways.create(draft) : ways.update(base, draft)),
  });
  const onError = async (failed: Error): Promise<void> => {
    if (base === undefined || !isOvertaken(failureOf(failed))) return;
    // Where even this cannot be read, the API's own sentence stays.
    setOther(await ways.read(base).catch(() => undefined));
  };
  return {
    draft,
    set: (change) => setDraft((before) => ({ ...before, ...change })),
    base,
    failure: error === null ? undefined : failureOf(error),
    other,
    takeOther: () => {
      setBase(other);
      setDraft(ways.draftOf(other));
      setOther(undefined);
      reset();
    },
    isPending,
    submit: () => mutate(undefined, { onSuccess: ways.onDone, onError: (failed) => void onError(failed) }),
  };
}
