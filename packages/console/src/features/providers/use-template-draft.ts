import type { AuthMethod } from '@patchbay/contract/resources/provider';
import type { DefaultModel, Template } from '@patchbay/contract/resources/template';
import { useState } from 'react';

import { failureOf, type Failure } from '../../lib/failure.ts';
import { useApi, useChange } from '../../lib/use-api.ts';
import { TEMPLATES_STALE } from './use-templates.ts';
import { FIELDS_OF } from './words.ts';

/** A model as it is written. */
export interface ModelLine {
  readonly identifier: string;
  readonly name: string;
  readonly contextLength: string;
  readonly isDefault: boolean;
  /** What the form does not show of it, such as what it can do. */
  readonly rest: Partial<DefaultModel>;
}

/** What is written in the form. */
export interface TemplateDraft {
  readonly name: string;
  readonly category: string;
  readonly description: string;
  readonly providerName: string;
  readonly apiEndpoint: string;
  readonly authMethod: AuthMethod;
  readonly models: readonly ModelLine[];
}

/** A form and what became of it. */
export interface TemplateFormState {
  readonly draft: TemplateDraft;
  readonly set: (change: Partial<TemplateDraft>) => void;
  readonly failure: Failure | undefined;
  /** What somebody else saved meanwhile. */
  readonly other: Template | undefined;
  readonly takeOther: () => void;
  readonly isPending: boolean;
  readonly submit: () => void;
}

/** A model of which nothing is written yet. */
export const NEW_LINE: ModelLine = { identifier: '', name: '', contextLength: '', isDefault: false, rest: {} };

/** Holds what is written of a template and sends it; of two who change it at once the slower is told. */
export function useTemplateDraft(changed: Template | undefined, onDone: (done: Template) => void): TemplateFormState {
  const [base, setBase] = useState(changed);
  const [draft, setDraft] = useState(draftOf(changed));
  const [other, setOther] = useState<Template>();
  const api = useApi();
  const create = useChange('templates.create', TEMPLATES_STALE);
  const update = useChange('templates.update', TEMPLATES_STALE);
  const doing = base === undefined ? create : update;
  const submit = (): void => {
    if (base === undefined) return create.mutate({ body: bodyOf(draft, base) }, { onSuccess: onDone });
    const params = { id: base.id };
    const onError = async (error: Error): Promise<void> => {
      if (failureOf(error).kind === 'conflict')
        // Where even this cannot be read, the API's own sentence stays.
        setOther(await api.call('templates.get', { params }).catch(() => undefined));
    };
    const body = { ...bodyOf(draft, base), version: base.version };
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

const draftOf = (template: Template | undefined): TemplateDraft => ({
  name: template?.name ?? '',
  category: template?.category ?? '',
  description: template?.description ?? '',
  providerName: template?.providerConfig.name ?? '',
  apiEndpoint: template?.providerConfig.apiEndpoint ?? '',
  authMethod: template?.providerConfig.authMethod ?? 'api_key',
  models: template?.defaultModels.map(lineOf) ?? [NEW_LINE],
});

const lineOf = ({ identifier, name, contextLength, isDefault = false, ...rest }: DefaultModel): ModelLine => ({
  identifier,
  name,
  contextLength: String(contextLength),
  isDefault,
  rest,
});

const bodyOf = (draft: TemplateDraft, base: Template | undefined) => ({
  name: draft.name,
  ...((draft.category !== '' || base?.category !== undefined) && { category: draft.category }),
  ...((draft.description !== '' || base?.description !== undefined) && { description: draft.description }),
  providerConfig: {
    ...base?.providerConfig,
    name: draft.providerName,
    apiEndpoint: draft.apiEndpoint,
    authMethod: draft.authMethod,
    authConfig: authOf(draft.authMethod, base),
  },
  defaultModels: draft.models.map(({ identifier, name, contextLength, isDefault, rest }) => ({
    ...rest,
    identifier,
    name: name === '' ? identifier : name,
    contextLength: Number(contextLength),
    isDefault,
  })),
});

/** As it was, or what the way to sign in needs. */
const authOf = (method: AuthMethod, base: Template | undefined) =>
  base?.providerConfig.authMethod === method
    ? base.providerConfig.authConfig
    : { type: method, fields: Object.fromEntries(FIELDS_OF[method].map((name) => [name, { required: true }])) };
