import type { Account } from '@patchbay/contract/resources/account';
import type { AccountPolicy } from '@patchbay/contract/resources/account-policy';

import { KeyValue } from '../../components/ui/key-value.tsx';
import { Num } from '../../components/ui/values.tsx';
import { useOperation } from '../../lib/use-api.ts';
import { heldWords, sourceWords } from './policy.ts';
import { modelDraftsOf, type ModelLimitsDraft } from './model-limits.tsx';
import { LIMITS, shareDraftOf } from './share-fields.tsx';

/** How calls choose among a provider's accounts, and what this one takes of them. */
export function Choice({ of: { provider_id: provider, metadata } }: { readonly of: Account }) {
  const draft = shareDraftOf(metadata);
  const { data: policy } = useOperation('accountPolicies.get', { params: { provider } });
  const limited = (text: string) => (text === '' ? undefined : <Num value={Number(text)} />);
  return (
    <section className="grid gap-2">
      <h3 className="text-sm font-semibold">Its share</h3>
      <KeyValue
        rows={[
          ['Chosen', policy === undefined ? undefined : <Held key="chosen" of={policy} />],
          ['Weight', limited(draft.weight)],
          ['Price', draft.price_factor === '' ? undefined : `${draft.price_factor} × as listed`],
          ['Requests a minute', limited(draft.requests_per_minute)],
          ['Tokens a minute', limited(draft.tokens_per_minute)],
          ['Requests a day', limited(draft.requests_per_day)],
          ['Tokens a day', limited(draft.tokens_per_day)],
          ...modelDraftsOf(metadata).map(
            (each) =>
              [
                each.model,
                LIMITS.filter(({ name }) => each[name] !== '')
                  .map(limitWords(each))
                  .join(', '),
              ] as const,
          ),
        ]}
      />
    </section>
  );
}

/** One limit of a model in words: `1,000 tokens a day`. */
const limitWords =
  (draft: ModelLimitsDraft) =>
  ({ name, label }: (typeof LIMITS)[number]): string =>
    `${Number(draft[name]).toLocaleString('en')} ${label.toLowerCase()}`;

/** What holds for the provider, whose word that is, and what holds for single models. */
const Held = ({ of: policy }: { readonly of: AccountPolicy }) => (
  <span className="grid gap-0.5">
    <span>{heldWords(policy).words}</span>
    <span className="text-xs text-ink-3">{sourceWords(policy)}</span>
    {policy.models.map(({ model, policy: own }) => (
      <span key={model}>
        {heldWords({ policy: own }).words}
        <span className="text-ink-3"> for {model}</span>
      </span>
    ))}
  </span>
);
