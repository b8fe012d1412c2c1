import { failed, ok, type Failure, type Result } from '@patchbay/llm/model/failure';
import type { GenerationRequest } from '@patchbay/llm/model/request';

import type { GenerationEndpoint, Models } from './ports.ts';

/** Providers that write without being named as a model, the first choice first. */
const WRITERS = ['openai', 'openrouter', 'together'] as const;
type Writer = (typeof WRITERS)[number];

/** How a model is asked to write. */
export type Sampling = Pick<
  GenerationRequest,
  'temperature' | 'maxOutputTokens' | 'topP' | 'frequencyPenalty' | 'presencePenalty'
>;

/** What the settings say of models. */
export interface ModelSettings {
  readonly writer?: Writer;
  readonly writers: Readonly<Record<Writer, { readonly model: string } & Sampling>>;
  readonly presets: Readonly<Partial<Record<GenerationEndpoint, string>>>;
  /** Model at Together that draws. */
  readonly imageModel: string;
}

/** A model, as the pipeline addresses it, and how it is asked. */
export interface ChosenModel {
  readonly address: string;
  readonly sampling: Sampling;
}

/** Model of OpenAI that draws where Together has no account. */
const OPENAI_ARTIST = 'openai/gpt-image-1';

/**
 * Who writes: the model that the request names, else the setting for this kind, else the provider of
 * DEFAULT_LLM_PROVIDER, else the first of OpenAI, OpenRouter and Together that has an account. Nobody else writes unless
 * it is named.
 */
export function chooseWriter(
  settings: ModelSettings,
  models: Pick<Models, 'isConfigured'>,
  { endpoint, asked }: { readonly endpoint: 'outline' | 'slides'; readonly asked: string | undefined },
): Result<ChosenModel> {
  const named = asked ?? settings.presets[endpoint];
  if (named !== undefined && !isWriter(named)) return ok({ address: named, sampling: samplingOf(settings, named) });
  const wanted = named ?? settings.writer;
  if (isWriter(wanted) && !models.isConfigured(wanted)) return failed(withoutAccount(wanted));
  const writer = isWriter(wanted) ? wanted : WRITERS.find((each) => models.isConfigured(each));
  if (writer === undefined) return failed(noWriter(endpoint));
  const address = `${writer}/${settings.writers[writer].model}`;
  return ok({ address, sampling: samplingOf(settings, address) });
}

/** Who draws: the model that the request names, else the setting, else Together’s, else OpenAI’s. */
export function chooseArtist(
  { presets, imageModel }: ModelSettings,
  models: Pick<Models, 'isConfigured'>,
  asked: string | undefined,
): Result<string> {
  const named = asked ?? presets.images;
  if (named !== undefined) return ok(named);
  if (models.isConfigured('together')) return ok(`together/${imageModel}`);
  return models.isConfigured('openai') ? ok(OPENAI_ARTIST) : failed(NO_ARTIST);
}

const isWriter = (name: string | undefined): name is Writer => WRITERS.some((each) => each === name);

const TEMPERATURE = 0.7;

/** How a provider’s models are asked, whichever of them. */
function samplingOf({ writers }: ModelSettings, address: string): Sampling {
  const [providerId] = address.split('/', 1);
  if (!isWriter(providerId)) return { temperature: TEMPERATURE };
  const { model: _, ...sampling } = writers[providerId];
  return { temperature: TEMPERATURE, ...sampling };
}

const noWriter = (endpoint: 'outline' | 'slides'): Failure => ({
  kind: 'overloaded',
  code: 'no-provider',
  message:
    'No provider is configured that could write this. Set OPENROUTER_API_KEY, OPENAI_API_KEY or TOGETHER_API_KEY, or ' +
    `name a model of another provider in ${endpoint === 'outline' ? 'OUTLINE' : 'SLIDE'}_GENERATION_MODEL_PRESET.`,
});

const withoutAccount = (writer: Writer): Failure => ({
  kind: 'overloaded',
  code: 'no-provider',
  message: `DEFAULT_LLM_PROVIDER or a preset names ${writer}, which has no account here. Set ${writer.toUpperCase()}_API_KEY, or name another one.`,
});

const NO_ARTIST: Failure = {
  kind: 'overloaded',
  code: 'no-provider',
  message:
    'No provider is configured that could draw. Set TOGETHER_API_KEY or OPENAI_API_KEY, or name a model of another ' +
    'provider in IMAGE_GENERATION_MODEL_PRESET.',
};
