import type { AuthMethod } from '@patchbay/contract/resources/provider';
import type { DefaultModel, Template } from '@patchbay/contract/resources/template';

import { useApi, useChange } from '../../lib/use-api.ts';
import { useDraft, type DraftForm } from '../../lib/use-draft.ts';
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
export type TemplateFormState = DraftForm<TemplateDraft, Template>;

/** A model of which nothing is written yet. */
export const NEW_LINE: ModelLine = { identifier: '', name: '', contextLength: '', isDefault: false, rest: {} };

/** The form of a template. */
export function useTemplateDraft(changed: Template | undefined, onDone: (done: Template) => void): TemplateFormState {
  const api = useApi();
  const create = useChange('templates.create', TEMPLATES_STALE);
  const update = useChange('templates.update', TEMPLATES_STALE);
  return useDraft({
    changed,
    draftOf,
    create: (draft) => create.mutateAsync({ body: bodyOf(draft, undefined) }),
    update: (base, draft) =>
      update.mutateAsync({ params: { id: base.id }, body: { ...bodyOf(draft, base), version: base.version } }),
    read: ({ id }) => api.call('templates.get', { params: { id } }),
    onDone,
  });
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
