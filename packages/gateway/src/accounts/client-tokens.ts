import { clientTokens } from '@patchbay/llm/credentials/oauth/client-credentials';
import { HeldTokens } from '@patchbay/llm/credentials/oauth/held-tokens';
import type { OAuthWay } from '@patchbay/llm/credentials/oauth/token-endpoint';
import type { BuyTokens } from '@patchbay/llm/credentials/signers/credential-of-fields';
import { failed } from '@patchbay/llm/model/failure';

/** Buys the tokens of clients that sign in as themselves; each process holds its own, because nothing is spent for them. */
export const buyTokens =
  (way: OAuthWay): BuyTokens =>
  ({ tokenUrl, scope, ...client }) =>
    new HeldTokens({
      clock: way.clock,
      asksAgain: true,
      renew: async () => {
        const bought = await clientTokens(way, { ...client, endpoints: { tokenUrl } }, scope, NEVER);
        if (bought.ok) return bought;
        return failed({ ...bought.failure, message: `No OAuth token was sold: ${bought.failure.message}` });
      },
    });

/** One purchase serves all who wait for it: none of them ends it. */
const NEVER = new AbortController().signal;
