import type { Account } from '@patchbay/contract/resources/account';
import { Link } from '@tanstack/react-router';

import { KeyValue } from '../../components/ui/key-value.tsx';
import { Num } from '../../components/ui/values.tsx';
import { useOperation } from '../../lib/use-api.ts';
import { useMay } from '../../lib/use-session.ts';
import { policiesOf, policyWords } from './policy.ts';
import { shareDraftOf } from './share-fields.tsx';

const SETTING = 'ACCOUNT_POLICIES';

/** How calls choose among a provider's accounts, and what this one takes of them. */
export function Choice({ of: { provider_id: provider, metadata } }: { readonly of: Account }) {
  const draft = shareDraftOf(metadata);
  const written = useWritten();
  const limited = (text: string) => (text === '' ? undefined : <Num value={Number(text)} />);
  const policies = written === undefined ? [] : policiesOf(written, provider);
  return (
    <section className="grid gap-2">
      <h3 className="text-sm font-semibold">Its share</h3>
      <KeyValue
        rows={[
          [
            'Chosen',
            written === undefined ? undefined : (
              <span key="chosen" className="grid gap-0.5">
                {policies.every(({ model }) => model !== undefined) && (
                  <span>in turn; long conversations stay where prompts that were seen before are cheaper</span>
                )}
                {policies.map(({ model, policy }) => (
                  <span key={model ?? ''}>
                    {policyWords(policy)}
                    {model !== undefined && <span className="text-ink-3"> for {model}</span>}
                  </span>
                ))}
                <Link
                  to="/settings"
                  search={{ setting: SETTING } as never}
                  className="text-xs text-accent underline-offset-2 hover:underline"
                >
                  {SETTING}
                </Link>
              </span>
            ),
          ],
          ['Weight', limited(draft.weight)],
          ['Price', draft.price_factor === '' ? undefined : `${draft.price_factor} × as listed`],
          ['Requests a minute', limited(draft.requests_per_minute)],
          ['Tokens a minute', limited(draft.tokens_per_minute)],
          ['Requests a day', limited(draft.requests_per_day)],
          ['Tokens a day', limited(draft.tokens_per_day)],
        ]}
      />
    </section>
  );
}

/** What the settings say of choosing, for whoever may see them. */
function useWritten(): string | undefined {
  const { data } = useOperation('system.config', undefined, { enabled: useMay('system:config') });
  const found = data?.data.settings.find(({ name }) => name === SETTING);
  if (data === undefined) return undefined;
  return typeof found?.value === 'string' ? found.value : '';
}
