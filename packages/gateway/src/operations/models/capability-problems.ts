import { readInput, type ValidationError } from '@patchbay/contract';
import { ProviderCapabilities, type ModelCapabilities } from '@patchbay/contract/resources/capabilities';

import type { ProviderRecord } from '../../storage/records.ts';

/** What a model is said to be able to do. */
export interface ModelClaims {
  readonly contextLength: number;
  readonly capabilities: ModelCapabilities;
}

const SWITCHES = [
  ['supportsSystemMessages', 'system messages'],
  ['supportsStreaming', 'streaming'],
  ['supportsTools', 'tools'],
] as const;

/** What a provider can do; `undefined` where somebody wrote something else into its row. */
export function capabilitiesOf(provider: ProviderRecord): ProviderCapabilities | undefined {
  const read = readInput(ProviderCapabilities, provider.capabilities);
  return read.ok ? read.value : undefined;
}

/** Where a model claims more than its provider can do. */
export function capabilityProblems(
  { contextLength, capabilities }: ModelClaims,
  provider: ProviderCapabilities | undefined,
): readonly ValidationError[] {
  if (provider === undefined) return [];
  const most = provider.maxContextLength;
  const beyond = (field: string, value: number): readonly ValidationError[] =>
    value <= most ? [] : [{ field, message: `Must be at most ${most}, the maxContextLength of its provider.`, value }];
  const roles = capabilities.supportedRoles.filter((role) => !provider.supportedRoles.includes(role));
  return [
    ...beyond('contextLength', contextLength),
    ...beyond('capabilities.maxContextLength', capabilities.maxContextLength),
    ...SWITCHES.flatMap(([name, what]) =>
      capabilities[name] && !provider[name]
        ? [{ field: `capabilities.${name}`, message: `Its provider does not support ${what}.`, value: true }]
        : [],
    ),
    ...(roles.length === 0
      ? []
      : [{ field: 'capabilities.supportedRoles', message: `Its provider has no role ${roles.join(', ')}.` }]),
  ];
}

/** What a model can do of which nobody says anything: what its provider can, within the model's context. */
export function usualCapabilities(
  provider: ProviderCapabilities | undefined,
  contextLength: number,
): ModelCapabilities {
  return {
    supportsSystemMessages: provider?.supportsSystemMessages ?? true,
    maxContextLength: contextLength,
    supportedRoles: [...(provider?.supportedRoles ?? ['system', 'user', 'assistant'])],
    supportsStreaming: provider?.supportsStreaming ?? true,
    supportsTools: provider?.supportsTools ?? false,
    supportsFunctionCalling: provider?.supportsTools ?? false,
  };
}
