import type { WireFormatId } from '../../model/extras.ts';

/** Who gave an answer, or is to give the next one. All names are opaque here and only compared. */
export interface Issuer {
  readonly format: WireFormatId;
  /** Id of the provider's record. */
  readonly provider: string;
  /** The account or credential at the provider: what must stay the same where state is bound to it. */
  readonly account: string;
  /** The line of models, e.g. `claude`, for providers that resell several. Absent: agrees with every family. */
  readonly family?: string;
}

/** How far state reaches: to every account of its provider, or only to the one that it was given to. */
export type Binding = 'provider' | 'account';

/**
 * How far each format's state reaches unless a vault is told otherwise. OpenAI refuses encrypted reasoning of another
 * organisation (`invalid_encrypted_content`); the others sign with keys of their own that no account is part of.
 */
export const BINDINGS: Readonly<Record<WireFormatId, Binding>> = {
  'openai-chat': 'provider',
  'anthropic-messages': 'provider',
  'openai-responses': 'account',
  gemini: 'provider',
  'bedrock-converse': 'provider',
  'ollama-chat': 'provider',
};

/** In plain words, why `target` cannot take what `issuer` gave; `undefined` when it can. */
export function disagreement(issuer: Issuer, target: Issuer, binding: Binding): string | undefined {
  if (issuer.format !== target.format) return 'another wire format';
  if (issuer.provider !== target.provider) return 'another provider';
  if (issuer.family !== undefined && target.family !== undefined && issuer.family !== target.family)
    return 'another model family';
  return binding === 'account' && issuer.account !== target.account ? 'another account' : undefined;
}
