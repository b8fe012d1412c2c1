import { startDeviceFlow, type DeviceCodeFlow } from '../credentials/authenticators/device-flow.ts';
import type { OAuthConfig } from '../credentials/authenticators/oauth-config.ts';
import type { StoredToken } from '../credentials/stores/token-storage.ts';
import { partsOf, type AuthenticatorSettings } from './auth.ts';

export type { DeviceCodeFlow } from '../credentials/authenticators/device-flow.ts';

/** For whom a device code is asked. */
export interface DeviceCodeConfig extends OAuthConfig {
  /** Default `qwen`, whose addresses are known. */
  readonly provider?: string;
}

/** Begins a sign-in on another device: show the user `verificationUrl` and `userCode`, then poll. */
export const startDeviceCodeFlow = (
  { provider = 'qwen', ...config }: DeviceCodeConfig = {},
  { signal, ...settings }: AuthenticatorSettings & { readonly signal?: AbortSignal } = {},
): Promise<DeviceCodeFlow> => startDeviceFlow(partsOf(settings), provider, config, signal);

/**
 * Waits until the user has typed in the code, at the pace that the server asks for, and gives the tokens, to be kept in a
 * store. Takes the flow or its `deviceCode`. Throws `oauth_flow_failed` where the user said no or the code ran out.
 */
export const pollForToken = (flow: DeviceCodeFlow, signal?: AbortSignal): Promise<StoredToken> => flow.poll(signal);
