import type { AnswerOf, Asked, OperationFailure } from '@patchbay/contract';
import type { KIT_OPERATIONS } from '@patchbay/contract/operations/kit';
import type { UpdateProvider } from '@patchbay/contract/resources/provider';
import { readProviderBlock } from '@patchbay/llm/kit/config/read-provider-block';
import type { ProviderConfig } from '@patchbay/llm/kit/provider-config';

import type { ProviderRecord } from '../../storage/records.ts';
import { refused, type Answer, type Change, type Circumstances, type Handlers } from '../handler.ts';
import { setDefaultModel } from '../models/update.ts';
import { findProvider } from '../providers/find-provider.ts';
import { updateProvider } from '../providers/update.ts';
import { configError, unknownProvider } from './failures.ts';
import { kitEnveloped, type KitParts } from './parts.ts';
import { shownProviders } from './providers.ts';

type Changing = (typeof KIT_OPERATIONS)['kit.changeProvider' | 'kit.setProvider'];

/** Another door to changing a provider: what is written and when it serves is the catalogue's matter. */
export function providerChanges(parts: KitParts): Handlers<'kit.changeProvider' | 'kit.setProvider'> {
  const change = changeProvider(parts);
  return { 'kit.changeProvider': change, 'kit.setProvider': change };
}

const changeProvider =
  (parts: KitParts) =>
  async (
    { params: { name }, body }: Asked<Changing>,
    circumstances: Circumstances,
  ): Promise<Answer<AnswerOf<Changing>>> => {
    const { management, registry } = parts;
    const row = await findProvider(management.rows, name);
    const runtime = registry.current().runtimes.get(row?.identifier ?? name);
    if (row === undefined && runtime === undefined)
      return refused(unknownProvider(name, registry.current().runtimes.keys()));
    if (row === undefined) return refused(configError(`${name} ${OF_THE_SETTINGS}`));
    const read = readChange(row, body, runtime?.record.id ?? row.identifier);
    if ('failure' in read) return refused(read.failure);
    const { sent, model } = read;
    const modelId = model === undefined ? undefined : await modelIdOf(parts, row, model);
    if (model !== undefined && modelId === undefined) return refused(unlisted(row, model));
    const changes: Change[] = [];
    if (Object.keys(sent).length > 0 || modelId === undefined) {
      const asked = { params: { id: row.id }, query: undefined, body: sent };
      const changed = await updateProvider(management)(asked, circumstances);
      if (!changed.ok) return refused(inWords(changed.failure));
      changes.push(...(changed.changes ?? []));
    }
    if (modelId !== undefined) {
      const asked = { params: { id: modelId }, query: undefined, body: undefined };
      const chosen = await setDefaultModel(management)(asked, circumstances);
      if (!chosen.ok) return refused(inWords(chosen.failure));
      changes.push(...(chosen.changes ?? []));
    }
    const shown = (await shownProviders(parts, circumstances)).find((each) => each.name === row.identifier);
    return { ok: true, value: kitEnveloped(parts, circumstances, shown ?? switchedOff(row)), changes };
  };

const OF_THE_SETTINGS =
  'comes from the settings that the gateway was started with. Change it there, or make a provider of another name with POST /api/admin/providers.';

/** What a row shall hold instead, and the model of calls that name none. */
interface ReadChange {
  readonly sent: UpdateProvider;
  readonly model: string | undefined;
}

function readChange(
  { identifier: name }: ProviderRecord,
  body: Readonly<Record<string, unknown>>,
  type: string,
): ReadChange | { readonly failure: OperationFailure } {
  // Variables are the operator's: a caller who could name them could have their values sent to an address of his own.
  const read = readProviderBlock(body, { path: name, env: {}, type });
  if (!read.ok) return { failure: configError(read.failure.message, read.failure.path) };
  const { baseUrl, apiKey, headers, name: label, description, defaultModel, type: said, ...others } = read.value;
  if (said !== type) return { failure: configError(`type cannot be changed: ${name} is ${type}.`, `${name}.type`) };
  const [other] = Object.keys(others) as (keyof typeof others)[];
  if (other !== undefined) return { failure: configError(ELSEWHERE[other] ?? elsewhere(other), `${name}.${other}`) };
  const { enabled } = body;
  const signIn = apiKey === undefined && headers === undefined ? undefined : authOf(apiKey, headers);
  if (signIn === null) return { failure: configError('api_key must be text.', `${name}.api_key`) };
  return {
    sent: {
      ...(label !== undefined && { name: label }),
      ...(description !== undefined && { description }),
      ...(baseUrl !== undefined && { apiEndpoint: baseUrl }),
      ...(enabled !== undefined &&
        enabled !== null && { status: enabled === true || enabled === 'true' ? 'active' : 'inactive' }),
      ...(signIn && { authMethod: 'api_key' as const, authConfig: signIn }),
    },
    model: defaultModel,
  };
}

function authOf(apiKey: ProviderConfig['apiKey'], headers: ProviderConfig['headers']) {
  if (apiKey !== undefined && typeof apiKey !== 'string') return null;
  return {
    type: 'api_key' as const,
    fields: apiKey === undefined ? {} : { apiKey },
    ...(headers && { headers }),
  };
}

const elsewhere = (member: string): string => `${member} is no setting of a provider here.`;

const ACCOUNTS = 'Further keys and sign-ins are accounts here: POST /api/v1/accounts, or /api/oauth.';

/** Where to set what the library's files have in the block of a provider. */
const ELSEWHERE: Readonly<Partial<Record<keyof ProviderConfig, string>>> = {
  apiKeys: ACCOUNTS,
  oauthCredentials: ACCOUNTS,
  apiKeyEnv: 'Variables are the operator’s. Send `api_key`.',
  timeout: 'Time limits hold for the whole gateway: see its settings.',
  maxRetries: 'How often calls are tried again is a setting of the whole gateway.',
  rateLimit: 'Limits belong to accounts and keys here: `metadata.limits` of an account.',
  modelCapabilities: 'What a model can do is told by the model: PUT /api/admin/models/{id}.',
};

async function modelIdOf({ management }: KitParts, { id }: ProviderRecord, model: string): Promise<string | undefined> {
  const [found] = await management.rows.models.all({ providerId: id, identifier: model });
  return found?.id;
}

const unlisted = ({ identifier: name }: ProviderRecord, model: string): OperationFailure =>
  configError(
    `${name} lists no model "${model}". Add it with POST /api/admin/providers/${name}/models.`,
    `${name}.default_model`,
  );

/** The catalogue's names for what this interface calls otherwise. */
const NAMES: Readonly<Record<string, string>> = {
  apiEndpoint: 'base_url',
  'authConfig.fields.apiKey': 'api_key',
  'authConfig.headers': 'headers',
};

function inWords(failure: OperationFailure): OperationFailure {
  const { code, message, field, validationErrors = [] } = failure;
  if (code !== 'VALIDATION_ERROR' && code !== 'INVALID_ENDPOINT') return failure;
  const told = validationErrors.map((each) => `${NAMES[each.field] ?? each.field}: ${each.message}`);
  const place = field ?? validationErrors[0]?.field;
  return configError(told.length === 0 ? message : told.join(' '), place && (NAMES[place] ?? place));
}

/** A provider that cannot be called any more. */
const switchedOff = ({ identifier, name, description }: ProviderRecord) => ({
  name: identifier,
  type: identifier,
  description: description ?? name,
  enabled: false,
  authenticated: false,
  healthy: false,
  default_model: '',
  supports_streaming: false,
  supports_tool_calling: false,
});
