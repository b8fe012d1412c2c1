import type { Explanation, RetoldRequest } from '@patchbay/contract/resources/explanation';

const NANO = 1e9;
const money = (nanoUsd: number | null): string => (nanoUsd === null ? 'unknown' : `$${(nanoUsd / NANO).toFixed(9)}`);
const listed = (heading: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : ['', `${heading}:`, ...lines.map((line) => `  ${line}`)];

/** A refusal tells no usage, and so has no cost that could be unknown. */
const costOf = ({ cost_nano_usd: cost, status_code: status }: RetoldRequest['attempts'][number]): string =>
  cost === null && status !== null && status >= 400 ? 'refused' : money(cost);

/** A retold request, for people. */
export function writeRetold(retold: RetoldRequest): string {
  const attempts = retold.attempts.flatMap((attempt) => [
    `${attempt.attempt}. ${attempt.provider_id}/${attempt.model}  ${attempt.status_code ?? '—'}  ${Math.round(attempt.duration_ms)} ms  ${costOf(attempt)}`,
    `   account ${attempt.account_id ?? 'none'}${attempt.proxy_id === null ? '' : `, egress proxy ${attempt.proxy_id}`}`,
    `   ${attempt.told}`,
    ...(attempt.error === null ? [] : [`   “${attempt.error}”`]),
  ]);
  return [
    retold.summary,
    '',
    `Request   ${retold.request_id}`,
    `Asked     ${retold.requested_model} at ${retold.route}, ${retold.started_at}`,
    `Took      ${Math.round(retold.duration_ms)} ms`,
    `Cost      ${money(retold.cost_nano_usd)}`,
    ...listed('Attempts', attempts),
    ...listed('Could not be carried', retold.losses),
    ...listed('What to do', retold.advice),
  ].join('\n');
}

/** What a request would meet, for people. */
export function writeExplanation({ model, resolution, targets, limits, refusal }: Explanation): string {
  const shown = targets.flatMap(({ provider_id: provider, model: name, policy, price, accounts }) => [
    `${provider}/${name}  (${policy}; price ${price.state})`,
    ...accounts.flatMap(({ account_id: id, label, usable, reasons }) => [
      `  ${usable ? '✓' : '✗'} ${label === '' ? id : `${label} (${id})`}`,
      ...reasons.map((reason) => `      ${reason}`),
    ]),
  ]);
  return [
    refusal === undefined
      ? `A request for ${model} would be sent.`
      : `A request for ${model} would be refused with ${refusal.status}: ${refusal.message}`,
    ...listed('Name', resolution),
    ...listed('Targets, in order', shown),
    ...listed(
      'Limits',
      limits.map((limit) =>
        Object.entries(limit)
          .map(([name, value]) => `${name} ${String(value)}`)
          .join(', '),
      ),
    ),
  ].join('\n');
}
