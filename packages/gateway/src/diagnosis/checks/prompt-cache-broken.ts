import { defineCheck } from '../check.ts';
import type { BrokenSegment, PromptBreaks } from '../watch/prompt-book.ts';

/** Fewer tokens are not worth a word: providers keep nothing below 1,024. */
const TOKENS_LEAST = 1024;
/** A conversation may once be changed on purpose. */
const TIMES_LEAST = 2;

/** A provider's cache serves a prompt as far as it begins like the one before; what changes early costs everything after it. */
export const promptCacheBroken = defineCheck({
  id: 'prompt-cache-broken',
  title: 'Whether prompts begin as they did, so that caches can serve them',
  codes: { 'prompt-cache-broken': { severity: 'warning', title: 'Changes in prompts defeat the provider’s cache' } },
  symptoms: ['library-cache'],
  reach: 'here',
  needs: ['prompts'],
  run: ({ prompts }) =>
    Promise.resolve(
      prompts
        .breaks()
        .filter(({ times, tokensLost }) => times >= TIMES_LEAST && tokensLost >= TOKENS_LEAST)
        .map((broken) => {
          const { providerId, model, segment, times, tokensLost, message } = broken;
          return {
            code: 'prompt-cache-broken',
            subject: `model ${providerId}/${model}: ${segment}`,
            cause: `In the last hour ${WHAT[segment](broken)} between requests of one conversation, ${times} times; ${tokensLost} tokens that were in the cache had to be paid in full.`,
            remedy: REMEDIES[segment],
            evidence: {
              provider: providerId,
              model,
              segment,
              times,
              tokensLost,
              ...(message !== undefined && { message }),
            },
          };
        }),
    ),
});

const WHAT: Readonly<Record<BrokenSegment, (broken: PromptBreaks) => string>> = {
  system: () => 'the system prompt changed',
  tools: () => 'the list of tools changed',
  'earlier-message': ({ message }) => `an earlier message (such as number ${message ?? 1}) was changed`,
  account: () => 'another account was asked',
};

const REMEDIES: Readonly<Record<BrokenSegment, string>> = {
  system: 'Keep the system prompt the same: put times, ids and whatever changes into the last message of the user.',
  tools: 'Send the same tools in the same order with every request; say which may be used with `tool_choice`.',
  'earlier-message': 'Only append to a conversation: do not shorten, reorder or restamp earlier messages.',
  account:
    'Let conversations stay with their account: choose that for the provider on the page of accounts, or for all by ACCOUNT_POLICIES=*=affinity',
};
