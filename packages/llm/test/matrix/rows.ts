import { PROVIDERS, type ProviderRecord } from '../../src/index.ts';
import type { Credential } from '../../src/credentials/credential.ts';
import { Secret } from '../../src/credentials/secret.ts';
import type { Speaks } from '../../src/providers/define-provider.ts';

/** One provider record in one of the ways that it is asked. */
export interface Row {
  readonly id: string;
  readonly kind: 'chat' | 'vectors';
  /** The record with nothing but the one way. */
  readonly record: ProviderRecord;
  /** What the way is called: a wire format, or whose vectors. */
  readonly way: string;
  readonly model: string;
  readonly credential: Credential | { readonly accessKeyId?: never; readonly accessToken: string };
}

/** The account of Amazon's that the simulator knows. */
export const AMAZON = { accessKeyId: 'AKIAMATRIX', secret: 'matrix-secret' };

const TOKEN = { accessToken: 'token' };
const SIGNER: Credential = {
  kind: 'aws',
  id: 'matrix',
  accessKeyId: AMAZON.accessKeyId,
  secretAccessKey: new Secret(AMAZON.secret),
  region: 'us-east-1',
};

/** For records whose address is the operator's; nothing is sent anywhere. */
const NOWHERE = 'http://127.0.0.1:9/v1';

/** A local Ollama as an operator may set it up, by its own API in place of OpenAI's. */
const OLLAMA_ITSELF: ProviderRecord = {
  ...PROVIDERS.ollama,
  baseUrl: 'http://127.0.0.1:11434',
  speaks: [{ format: 'ollama-chat', path: '/api/chat' }],
  serves: {},
};

/** Every record, in each shape that an installation may give it. */
const shapes: readonly ProviderRecord[] = [...Object.values<ProviderRecord>(PROVIDERS), OLLAMA_ITSELF].flatMap(
  (record) => [
    record,
    // Variants of nothing but an address are asked alike.
    ...(record.variants ?? [])
      .filter((variant) => variant.record.speaks !== undefined)
      .map((variant) => ({ ...record, ...variant.record })),
  ],
);

function chatRows(shape: ProviderRecord): readonly Row[] {
  return shape.speaks.flatMap((speech) =>
    credentialsOf(shape).map(([signed, credential]) => ({
      id: shape.id,
      kind: 'chat',
      record: { ...without(shape), speaks: [speech] },
      way: [wayOf(speech), signed].filter((each) => each !== '').join(', '),
      model: `${speech.models?.[0] ?? ''}some-model`,
      credential,
    })),
  );
}

function wayOf({ format, models: [first] = [], path, encodesSlash }: Speaks): string {
  const whose = first === undefined ? '' : ` of \`${first}…\``;
  const versioned = path.includes('api-version') ? ' of a version' : '';
  // Amazon has one format at two addresses.
  const place = encodesSlash && format === 'anthropic-messages' ? ' in Amazon’s frames' : '';
  return `${format}${place}${versioned}${whose}`;
}

function vectorRows(shape: ProviderRecord): readonly Row[] {
  const google = shape.speaks.some(({ path }) => path === '/models/{model}:generateContent');
  if (shape.serves?.embeddings === undefined && !google) return [];
  // The simulator knows Voyage by the names of its models, as Voyage knows no others.
  const model = `${shape.id === 'voyage' ? 'voyage-' : ''}some-model`;
  return [{ id: shape.id, kind: 'vectors', record: without(shape), way: 'vectors', model, credential: TOKEN }];
}

const without = (record: ProviderRecord): ProviderRecord => ({
  ...record,
  variants: [],
  baseUrl: record.baseUrl || NOWHERE,
});

/** Accounts that sign are tried beside tokens. */
const credentialsOf = ({ auth }: ProviderRecord): readonly (readonly [string, Row['credential']])[] => [
  ['', TOKEN],
  ...(auth.some(({ kind }) => kind === 'sigv4') ? ([['signed', SIGNER]] as const) : []),
];

/** Every row of the matrix. */
export const ROWS: readonly Row[] = shapes.flatMap((shape) => [...chatRows(shape), ...vectorRows(shape)]);
