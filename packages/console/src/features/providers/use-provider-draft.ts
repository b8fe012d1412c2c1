import type { AuthMethod, FieldDescriptor, Provider } from '@patchbay/contract/resources/provider';
import { useState } from 'react';

import { failureOf, type Failure } from '../../lib/failure.ts';
import { useApi, useChange } from '../../lib/use-api.ts';
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
export interface ProviderFormState {
  readonly draft: ProviderDraft;
  readonly set: (change: Partial<ProviderDraft>) => void;
  readonly fields: Readonly<Record<string, string | FieldDescriptor>>;
  readonly failure: Failure | undefined;
  /** What somebody else saved meanwhile. */
  readonly other: Readonly<Record<string, unknown>> | undefined;
  readonly takeOther: () => void;
  readonly isPending: boolean;
  readonly submit: () => void;
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

/** Holds what is written of a provider and sends it; of two who change it at once the slower is told. */
export function useProviderDraft(changed: Provider | undefined, onDone: (done: Provider) => void): ProviderFormState {
  const [base, setBase] = useState(changed);
  const [draft, setDraft] = useState(draftOf(changed));
  const [other, setOther] = useState<Provider>();
  const api = useApi();
  const create = useChange('providers.create', STALE);
  const update = useChange('providers.update', STALE);
  const doing = base === undefined ? create : update;
  const failure = doing.error === null ? undefined : failureOf(doing.error);
  const fields = base?.authConfig.fields ?? Object.fromEntries(FIELDS_OF[draft.authMethod].map((name) => [name, '']));
  const submit = (): void => {
    if (base === undefined) return create.mutate({ body: newOf(draft) }, { onSuccess: onDone });
    const onError = async (error: Error): Promise<void> => {
      if (failureOf(error).kind === 'conflict')
        // Where even this cannot be read, the API's own sentence stays.
        setOther(await api.call('providers.get', { params: { id: base.id } }).catch(() => undefined));
    };
    const body = { ...changesOf(base, draft), version: base.version };
    update.mutate({ params: { id: base.id }, body }, { onSuccess: onDone, onError: (error) => void onError(error) });
  };
  const takeOther = (): void => {
    setBase(other);
    setDraft(draftOf(other));
    setOther(undefined);
    update.reset();
  };
  return {
    draft,
    set: (change) => setDraft((before) => ({ ...before, ...change })),
    fields,
    failure,
    other: other && shownOf(other),
    takeOther,
    isPending: doing.isPending,
    submit,
  };
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

const shownOf = ({ name, apiEndpoint, description, status, version, updatedAt }: Provider) => ({
  name,
  apiEndpoint,
  description,
  status,
  version,
  updatedAt,
});
