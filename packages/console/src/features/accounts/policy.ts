/** How calls choose among accounts, as people say it. */
const WORDS: Readonly<Record<string, string>> = {
  'round-robin': 'in turn',
  weighted: 'by weight',
  'least-used': 'the least used one',
  'fill-first': 'the first one until it is full',
  cheapest: 'the cheapest one',
  affinity: 'conversations stay with theirs',
};

/** A way in words; one that is not known here as it was written. */
export const policyWords = (policy: string): string => WORDS[policy] ?? policy;

/** A way that holds for one model of a provider, or for all others. */
export interface HeldPolicy {
  readonly model: string | undefined;
  readonly policy: string;
}

/**
 * Ways that the settings name for a provider (`openai/gpt-5=weighted,*=affinity`): first the one for all of its models, where
 * there is one. Empty where nothing is set: the gateway then chooses by what prompts cost.
 */
export function policiesOf(written: string, provider: string): readonly HeldPolicy[] {
  const rules = written.split(',').flatMap((each) => {
    const [name = '', policy = ''] = each.trim().split('=');
    return policy === '' ? [] : [{ name, policy }];
  });
  const whole = rules.find(({ name }) => name === provider) ?? rules.find(({ name }) => name === '*');
  const single = rules
    .filter(({ name }) => name.startsWith(`${provider}/`))
    .map(({ name, policy }) => ({ model: name.slice(provider.length + 1), policy }));
  return [...(whole === undefined ? [] : [{ model: undefined, policy: whole.policy }]), ...single];
}
