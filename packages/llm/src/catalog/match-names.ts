/** How the names of models are written at one host. All patterns meet lower-case names. */
interface NameRules {
  /** What may stand before a name without changing it. */
  readonly prefix?: RegExp;
  /** What may stand behind a name and only says which build of the same model it is. */
  readonly version?: RegExp;
  /** Marks of a variant: same model, other price. */
  readonly variant?: RegExp;
  /** Names that cost nothing whatever the model. */
  readonly free?: RegExp;
}

/** Hosts whose names need more than the rules that hold everywhere. */
const RULES: Readonly<Record<string, NameRules>> = {
  bedrock: {
    prefix: /^arn:.*\//,
    version: /(-20\d{6})?(-v\d+)?(:\d+)?(:\w+)?$/,
    variant: /^(us|eu|apac|global|au|jp|ca|in|us-gov)\./,
  },
  deepseek: { prefix: /^deepseek-ai\// },
  fireworks: { prefix: /^accounts\/fireworks\/models\// },
  gemini: { prefix: /^(models|google)\// },
  huggingface: { variant: /:[a-z0-9-]+$/ },
  llamacpp: { free: /^/ },
  lmstudio: { free: /^/ },
  mistral: { prefix: /^mistralai\// },
  moonshot: { prefix: /^moonshotai\// },
  // Like the other servers that are free here it runs on the operator's own machines, but some models are passed on.
  ollama: { free: /^(?!.*[:-]cloud$)/ },
  openai: { variant: /^ft:/ },
  openrouter: { variant: /:[a-z]+$/, free: /:free$/ },
  qwen: { prefix: /^alibaba\// },
  simulator: { free: /^/ },
  vllm: { free: /^/ },
  vertex: { prefix: /^(projects\/.*\/)?publishers\/[^/]+\/models\/|^google\// },
  xai: { prefix: /^x-ai\// },
  zai: { prefix: /^(z-ai|zai-org)\// },
};

/** Whose model it is, by what hosts write before its name; the value is a provider of ours. */
const MAKERS: Readonly<Record<string, string>> = {
  alibaba: 'qwen',
  anthropic: 'anthropic',
  cohere: 'cohere',
  deepseek: 'deepseek',
  'deepseek-ai': 'deepseek',
  google: 'gemini',
  mistral: 'mistral',
  mistralai: 'mistral',
  moonshotai: 'moonshot',
  openai: 'openai',
  perplexity: 'perplexity',
  qwen: 'qwen',
  'x-ai': 'xai',
  xai: 'xai',
  'z-ai': 'zai',
  zai: 'zai',
  'zai-org': 'zai',
};

const DATE_OR_LATEST = /[-@](\d{4}-\d{2}-\d{2}|20\d{6}|latest|default)$/;
/** `ft:gpt-4o-2024-08-06:acme::id` is a fine-tuned `gpt-4o-2024-08-06`. */
const FINE_TUNED = /^(ft:[^:]+):.*$/;

/** The name as it is compared: in lower case, without what the host allows before it. */
export function comparable(provider: string, name: string): string {
  const lower = name.toLowerCase();
  const own = lower.startsWith(`${provider}/`) ? lower.slice(provider.length + 1) : lower;
  const prefix = RULES[provider]?.prefix;
  return (prefix === undefined ? own : own.replace(prefix, '')).replace(FINE_TUNED, '$1');
}

/** A comparable name without date, `latest` or version: one name for all builds of one model. */
export function undated(provider: string, name: string): string {
  const { version } = RULES[provider] ?? {};
  return (version === undefined ? name : name.replace(version, '')).replace(DATE_OR_LATEST, '');
}

/** A comparable name without its mark of a variant, or `undefined` when it has none. */
export function withoutVariant(provider: string, name: string): string | undefined {
  const { variant } = RULES[provider] ?? {};
  return variant?.test(name) ? name.replace(variant, '') : undefined;
}

/** Whether the name alone says that nothing is charged. */
export const isFreeByName = (provider: string, name: string): boolean => RULES[provider]?.free?.test(name) ?? false;

/**
 * Where else a model may be described: its maker and the name there, or every maker when the name does not say whose it
 * is.
 */
export function makersOf(name: string): readonly { readonly provider: string; readonly name: string }[] {
  const [, maker = '', rest = ''] = /^([a-z0-9-]+)[/.](.+)$/.exec(name) ?? [];
  const provider = Object.hasOwn(MAKERS, maker) ? MAKERS[maker] : undefined;
  if (provider !== undefined) return [{ provider, name: rest }];
  return [...new Set(Object.values(MAKERS))].map((each) => ({ provider: each, name }));
}
