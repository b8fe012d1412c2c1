import type { Mapping } from '@patchbay/contract/resources/mapping';
import { useState } from 'react';

import { failureOf, type Failure } from '../../lib/failure.ts';
import { useApi, useChange } from '../../lib/use-api.ts';
import { STALE } from './words.ts';

/** What is written in the form. */
export interface MappingDraft {
  readonly alias: string;
  readonly provider: string;
  readonly model: string;
  readonly description: string;
  readonly priority: string;
  readonly isGlobal: boolean;
}

/** A form and what became of it. */
export interface MappingFormState {
  readonly draft: MappingDraft;
  readonly set: (change: Partial<MappingDraft>) => void;
  readonly failure: Failure | undefined;
  /** What somebody else saved meanwhile. */
  readonly other: Mapping | undefined;
  readonly takeOther: () => void;
  readonly isPending: boolean;
  readonly submit: () => void;
}

/** Holds what is written of a name and sends it; of two who change it at once the slower is told. */
export function useMappingDraft(changed: Mapping | undefined, onDone: (done: Mapping) => void): MappingFormState {
  const [base, setBase] = useState(changed);
  const [draft, setDraft] = useState(draftOf(changed));
  const [other, setOther] = useState<Mapping>();
  const api = useApi();
  const create = useChange('mappings.create', STALE);
  const update = useChange('mappings.update', STALE);
  const doing = base === undefined ? create : update;
  const submit = (): void => {
    if (base === undefined)
      return create.mutate({ body: { alias: draft.alias, ...bodyOf(draft), enabled: true } }, { onSuccess: onDone });
    const params = { alias: base.id };
    const onError = async (error: Error): Promise<void> => {
      if (failureOf(error).kind === 'conflict')
        // Where even this cannot be read, the API's own sentence stays.
        setOther(await api.call('mappings.get', { params }).catch(() => undefined));
    };
    const body = { ...changesOf(base, draft), version: base.version };
    update.mutate({ params, body }, { onSuccess: onDone, onError: (error) => void onError(error) });
  };
  return {
    draft,
    set: (change) => setDraft((before) => ({ ...before, ...change })),
    failure: doing.error === null ? undefined : failureOf(doing.error),
    other,
    takeOther: () => {
      setBase(other);
      setDraft(draftOf(other));
      setOther(undefined);
      update.reset();
    },
    isPending: doing.isPending,
    submit,
  };
}

const draftOf = (mapping: Mapping | undefined): MappingDraft => ({
  alias: mapping?.alias ?? '',
  provider: mapping?.provider_id ?? '',
  model: mapping?.model_name ?? '',
  description: mapping?.description ?? '',
  priority: String(mapping?.priority ?? 0),
  isGlobal: mapping?.is_global ?? false,
});

const bodyOf = ({ provider, model, description, priority, isGlobal }: MappingDraft) => ({
  provider_id: provider,
  model_name: model,
  description: description === '' ? null : description,
  // What is no number is sent as it was written: the API says what it should be.
  priority: priority.trim() === '' ? 0 : Number(priority),
  is_global: isGlobal,
});

/** Only what was changed: the rest may be somebody else's by now. */
const changesOf = (base: Mapping, draft: MappingDraft) =>
  Object.fromEntries(
    Object.entries(bodyOf(draft)).filter(([name, value]) => base[name as keyof typeof base] !== value),
  );
