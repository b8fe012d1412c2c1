import type { AuthMethod, FieldDescriptor, Provider } from '@patchbay/contract/resources/provider';

import { useApi, useChange } from '../../lib/use-api.ts';
import { useDraft, type DraftForm } from '../../lib/use-draft.ts';
import { FIELDS_OF } from './words.ts';

/** What is written in the form. */
export interface ProviderDraft {
  readonly identifier: string;
  readonly name: string;
  readonly apiEndpoint: string;
  readonly description: string;
  readonly authMethod: AuthMethod;
  /** Fields of the sign-in that were written; the others stay. */
  readonly written: Readonly<Record<string, string>>;
}

/** A form and what became of it. */
export interface ProviderFormState extends DraftForm<ProviderDraft, Provider> {
  /** What the way to sign in needs, with what is known of each. */
  readonly fields: Readonly<Record<string, string | FieldDescriptor>>;
}

const STALE = ['providers.list', 'providers.get', 'providers.healthOfAll', 'audit.list'] as const;

/** What a model can be asked for where nothing is known of the provider; its models say less. */
const CAPABILITIES = {
  supportsSystemMessages: true,
  maxContextLength: 2_000_000,
  supportedRoles: ['system', 'user', 'assistant'],
  supportsStreaming: true,
  supportsTools: true,
};

/** The form of a provider. */
export function useProviderDraft(changed: Provider | undefined, onDone: (done: Provider) => void): ProviderFormState {
  const api = useApi();
  const create = useChange('providers.create', STALE);
  const update = useChange('providers.update', STALE);
  const form = useDraft({
    changed,
    draftOf,
    create: (draft) => create.mutateAsync({ body: newOf(draft) }),
    update: (base, draft) =>
      update.mutateAsync({ params: { id: base.id }, body: { ...changesOf(base, draft), version: base.version } }),
    read: ({ id }) => api.call('providers.get', { params: { id } }),
    onDone,
  });
  const needed = FIELDS_OF[form.draft.authMethod].map((name) => [name, ''] as const);
  return { ...form, fields: form.base?.authConfig.fields ?? Object.fromEntries(needed) };
}

const draftOf = (provider: Provider | undefined): ProviderDraft => ({
  identifier: provider?.identifier ?? '',
  name: provider?.name ?? '',
  apiEndpoint: provider?.apiEndpoint ?? '',
  description: provider?.description ?? '',
  authMethod: provider?.authMethod ?? 'api_key',
  written: {},
});

const newOf = ({ identifier, name, apiEndpoint, description, authMethod, written }: ProviderDraft) => ({
  identifier,
  name,
  apiEndpoint,
  authMethod,
  ...(description !== '' && { description }),
  authConfig: { type: authMethod, fields: written },
  capabilities: CAPABILITIES,
});

/** Only what was changed: the rest may be somebody else's by now. */
const changesOf = (base: Provider, { name, apiEndpoint, description, written }: ProviderDraft) => {
  const filled = Object.fromEntries(Object.entries(written).filter(([, value]) => value !== ''));
  return {
    name,
    ...(apiEndpoint !== base.apiEndpoint && { apiEndpoint }),
    ...(description !== (base.description ?? '') && { description }),
    ...(Object.keys(filled).length > 0 && {
      authConfig: { ...base.authConfig, fields: { ...base.authConfig.fields, ...filled } },
    }),
  };
};
