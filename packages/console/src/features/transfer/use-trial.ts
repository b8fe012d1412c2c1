import type { ImportResult } from '@patchbay/contract/resources/transfer';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { failureOf, type Failure } from '../../lib/failure.ts';
import { keyOf } from '../../lib/use-api.ts';
import { STALE } from './words.ts';

/** What would be done, and then what was. */
export interface Trial {
  /** What would become of each thing; absent until it was asked for. */
  readonly preview: ImportResult | undefined;
  /** What became of each thing; absent until it was done. */
  readonly result: ImportResult | undefined;
  readonly failure: Failure | undefined;
  readonly isPending: boolean;
  /** Tries it, or does it once it was tried and nothing stood against it. */
  readonly submit: () => void;
  /** What was tried is another now. */
  readonly reset: () => void;
}

/** Something that is tried before it is done; `run` does either. */
export function useTrial(run: (isTrial: boolean) => Promise<ImportResult>): Trial {
  const [preview, setPreview] = useState<ImportResult>();
  const [result, setResult] = useState<ImportResult>();
  const queries = useQueryClient();
  const { mutate, error, isPending, reset } = useMutation({
    mutationFn: async (isTrial: boolean) => {
      const told = await run(isTrial);
      if (isTrial) return setPreview(told);
      setResult(told);
      await Promise.all(STALE.map((each) => queries.invalidateQueries({ queryKey: keyOf(each) })));
    },
  });
  return {
    preview,
    result,
    failure: error === null ? undefined : failureOf(error),
    isPending,
    submit: () => mutate(preview?.success !== true),
    reset: () => {
      setPreview(undefined);
      setResult(undefined);
      reset();
    },
  };
}
