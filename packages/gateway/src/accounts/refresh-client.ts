import type { OAuthClient, OAuthEndpoints } from '@patchbay/llm/credentials/oauth/definition';
import { discoverEndpoints } from '@patchbay/llm/credentials/oauth/discovery';
import type { OAuthWay } from '@patchbay/llm/credentials/oauth/token-endpoint';
import type { Secret } from '@patchbay/llm/credentials/secret';
import { failed, invalidRequest, ok, type Result } from '@patchbay/llm/model/failure';

import type { OAuthSetting } from '../config/oauth-settings.ts';
import { secretOf, textOf, type TokenRow } from './refresh-row.ts';

/** How long a discovery document is believed, in milliseconds. */
const BELIEVED_MS = 3_600_000;
/** How long a discovery may take, in milliseconds. */
const DISCOVERY_MS = 10_000;

interface Found {
  readonly endpoints: OAuthEndpoints;
  readonly untilMs: number;
}

/** As whom accounts are signed in and renewed, from the settings and from what their rows say. */
export class OAuthClients {
  readonly #settings: readonly OAuthSetting[];
  readonly #way: OAuthWay;
  readonly #found = new Map<string, Found>();

  constructor(settings: readonly OAuthSetting[], way: OAuthWay) {
    this.#settings = settings;
    this.#way = way;
  }

  /** Every way of signing in, configured or not. */
  all(): readonly OAuthSetting[] {
    return this.#settings;
  }

  /** Our client at one authorization server; of an issuer, its endpoints are read first, by the way that is given. */
  async clientOf(setting: OAuthSetting, way: OAuthWay = this.#way): Promise<Result<OAuthClient>> {
    const { definition, clientId = '', clientSecret } = setting;
    const endpoints = await this.#endpointsOf(setting, way);
    if (!endpoints.ok) return endpoints;
    const { bodies } = definition;
    return ok({
      clientId,
      endpoints: endpoints.value,
      ...(bodies !== undefined && { bodies }),
      ...(clientSecret !== undefined && { clientSecret }),
    });
  }

  /**
   * The client that an account is renewed as: its own where its row names one, else ours. Our secret goes to our own
   * token endpoint alone, whatever address a row names. Where an issuer has to be asked, it is by the account's `way`.
   */
  async clientOfAccount({ row, members }: TokenRow, way: OAuthWay = this.#way): Promise<Result<OAuthClient>> {
    const setting = this.#settingOf(row.providerId, row.metadata['oauth']);
    const ours = setting === undefined ? undefined : await this.clientOf(setting, way);
    const tokenUrl = textOf(members['token_url']) ?? textOf(members['tokenUrl']);
    const clientId = textOf(members['client_id']) ?? textOf(members['clientId']);
    const clientSecret = secretOf(members, 'client_secret', 'clientSecret');
    const isOurs = ours?.ok === true && (tokenUrl === undefined || tokenUrl === ours.value.endpoints.tokenUrl);
    if (isOurs && (clientId === undefined || clientId === ours.value.clientId))
      return ours.value.clientId === '' ? failed(noClient(setting)) : ok(withSecret(ours.value, clientSecret));
    if (tokenUrl === undefined) return ours?.ok === false ? ours : failed(noTokenUrl(setting));
    if (clientId === undefined) return failed(noClient(setting));
    const bodies = isOurs ? ours.value.bodies : undefined;
    return ok(withSecret({ clientId, endpoints: { tokenUrl }, ...(bodies && { bodies }) }, clientSecret));
  }

  #settingOf(providerId: string, named: unknown): OAuthSetting | undefined {
    return (
      this.#settings.find(({ definition }) => definition.id === named) ??
      this.#settings.find((each) => each.providerId === providerId)
    );
  }

  async #endpointsOf({ definition, endpoints, issuer }: OAuthSetting, way: OAuthWay): Promise<Result<OAuthEndpoints>> {
    if (endpoints !== undefined) return ok(endpoints);
    if (issuer === undefined)
      return failed(invalidRequest('provider', `Set ${definition.envPrefix}_OAUTH_ISSUER to sign in there.`));
    const known = this.#found.get(issuer);
    const { clock } = way;
    if (known !== undefined && clock.nowMs() < known.untilMs) return ok(known.endpoints);
    const found = await discoverEndpoints(way, issuer, AbortSignal.timeout(DISCOVERY_MS));
    if (!found.ok) return found;
    this.#found.set(issuer, { endpoints: found.value, untilMs: clock.nowMs() + BELIEVED_MS });
    return found;
  }
}

const withSecret = (client: OAuthClient, secret: Secret | undefined): OAuthClient =>
  secret === undefined ? client : { ...client, clientSecret: secret };

const noTokenUrl = (setting: OAuthSetting | undefined) =>
  invalidRequest(
    'auth_data.token_url',
    setting === undefined
      ? 'auth_data has no token_url'
      : `auth_data has no token_url, and ${variable(setting)} is not set`,
  );

const noClient = (setting: OAuthSetting | undefined) =>
  invalidRequest(
    'auth_data.client_id',
    setting === undefined
      ? 'auth_data has no client_id'
      : `auth_data has no client_id, and ${variable(setting)} is not set`,
  );

const variable = ({ definition }: OAuthSetting): string => `${definition.envPrefix}_OAUTH_CLIENT_ID`;
