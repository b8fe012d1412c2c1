import type { Mapping } from '@patchbay/contract/resources/mapping';

import { useApi, useChange } from '../../lib/use-api.ts';
import { useDraft, type DraftForm } from '../../lib/use-draft.ts';
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
export type MappingFormState = DraftForm<MappingDraft, Mapping>;

/** The form of a name for a model. */
export function useMappingDraft(changed: Mapping | undefined, onDone: (done: Mapping) => void): MappingFormState {
  const api = useApi();
  const create = useChange('mappings.create', STALE);
  const update = useChange('mappings.update', STALE);
  return useDraft({
    changed,
    draftOf,
    create: (draft) => create.mutateAsync({ body: { alias: draft.alias, ...bodyOf(draft), enabled: true } }),
    update: (base, draft) =>
      update.mutateAsync({ params: { alias: base.id }, body: { ...changesOf(base, draft), version: base.version } }),
    read: ({ id }) => api.call('mappings.get', { params: { alias: id } }),
    onDone,
  });
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
