import { defineCheck, type Found } from '../check.ts';

/** Kinds of losses that one finding names. */
const KINDS_SHOWN = 3;

/** What one dialect says and another cannot carry is lost on the way: said, and seldom seen. */
export const translationFidelity = defineCheck({
  id: 'translation-fidelity',
  title: 'Whether translations carry everything, and rightly',
  codes: {
    'translation-grammar-violated': {
      severity: 'warning',
      title: 'A provider’s stream could not be translated as it came',
    },
    'translation-losses': { severity: 'info', title: 'Translations could not carry everything' },
  },
  symptoms: ['accounts-translation'],
  reach: 'here',
  needs: ['fidelity'],
  run: ({ fidelity }) => {
    const found: Found[] = [];
    for (const { providerId, model, losses, violations } of fidelity.lately()) {
      const subject = `model ${providerId}/${model}`;
      const evidence = { provider: providerId, model };
      if (violations.size > 0)
        found.push({
          code: 'translation-grammar-violated',
          subject,
          cause: `Streams of the last hour left the grammar of events (${counted(violations)}): the provider sends something that is read wrongly.`,
          remedy: `Keep the bodies of such a call (CAPTURE_PAYLOADS=all) and send the support bundle; until then ask ${providerId} in its own dialect, where bytes pass untouched.`,
          evidence: { ...evidence, violations: total(violations) },
        });
      if (losses.size > 0)
        found.push({
          code: 'translation-losses',
          subject,
          cause: `In the last hour calls had parts that the dialect of ${providerId} cannot carry: ${counted(losses)}.`,
          remedy:
            'Leave them out, or ask a provider that has them; with the header `x-patchbay-strict: true` such a call is refused instead. Each answer names its own in `x-patchbay-losses`.',
          evidence: { ...evidence, losses: total(losses) },
        });
    }
    return Promise.resolve(found);
  },
});

const total = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((sum, each) => sum + each, 0);

function counted(counts: ReadonlyMap<string, number>): string {
  const most = [...counts].toSorted(([, one], [, other]) => other - one);
  const shown = most.slice(0, KINDS_SHOWN).map(([name, count]) => `${name}, ${count} times`);
  return most.length > KINDS_SHOWN
    ? `${shown.join('; ')}; and ${most.length - KINDS_SHOWN} kinds more`
    : shown.join('; ');
}
