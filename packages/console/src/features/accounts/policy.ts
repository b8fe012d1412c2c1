import type { AccountPolicy, AccountPolicyName } from '@patchbay/contract/resources/account-policy';

/** A way to choose, in a few words and in a sentence. */
interface PolicyWords {
  readonly words: string;
  readonly sentence: string;
}

/** How calls choose among accounts, as people say it. */
export const POLICY_WORDS: Readonly<Record<AccountPolicyName, PolicyWords>> = {
  'round-robin': { words: 'in turn', sentence: 'Each call takes the next account, so that all are used alike.' },
  weighted: {
    words: 'by weight',
    sentence: 'Accounts take turns, and one that weighs 3 takes three times the calls of one that weighs 1.',
  },
  'least-used': {
    words: 'the least used one',
    sentence: 'A call takes the account that has served the fewest calls so far.',
  },
  'fill-first': {
    words: 'one until it is full',
    sentence: 'All calls take the first account; the next one serves while that one rests or is at its limit.',
  },
  cheapest: {
    words: 'the cheapest one',
    sentence: 'A call takes the account with the lowest price; the next one serves while that one rests.',
  },
  affinity: {
    words: 'conversations stay with theirs',
    sentence:
      'A conversation stays with one account, where the provider remembers its beginning and bills less for it.',
  },
};

/** What the gateway does by itself. */
export const UNSAID: PolicyWords = {
  words: 'in turn, long conversations stay',
  sentence:
    'Each call takes the next account; long conversations stay with theirs where prompts that were seen before are cheaper.',
};

/** What holds for a provider. */
export const heldWords = ({ policy }: Pick<AccountPolicy, 'policy'>): PolicyWords =>
  policy === null ? UNSAID : (POLICY_WORDS[policy] ?? { words: policy, sentence: '' });

/** Whose word it is. */
export function sourceWords({ source, setting }: Pick<AccountPolicy, 'source' | 'setting'>): string {
  if (source === 'administrator') return 'chosen here by an administrator';
  if (source === 'default') return 'what the gateway does by itself';
  return setting?.name === '*' ? 'from ACCOUNT_POLICIES, for all providers' : 'from ACCOUNT_POLICIES';
}

/** What holds once an administrator's word is taken back. */
export const fallbackWords = ({ setting }: Pick<AccountPolicy, 'setting'>): PolicyWords =>
  setting === null ? UNSAID : heldWords({ policy: setting.policy });
