import type { RequestLog } from '@patchbay/contract/resources/request-log';

import { Skeleton } from '../../components/ui/states.tsx';
import { Num } from '../../components/ui/values.tsx';
import { isRefused } from '../../lib/call-words.ts';
import { showNanoUsd } from '../../lib/format.ts';
import { useOperation } from '../../lib/use-api.ts';
import { billOf } from './price-lines.ts';

/** To the nano-dollar, as it was written down. */
const exactly = (nano: number): string => {
  const { text, exact } = showNanoUsd(Math.round(nano));
  return exact ?? text;
};

/** What each attempt that used tokens cost, and how that comes about. */
export const CostTable = ({ attempts }: { readonly attempts: readonly RequestLog[] }) => {
  const used = attempts.filter((call) => !isRefused(call) && (call.input_tokens ?? 0) + (call.output_tokens ?? 0) > 0);
  if (used.length === 0) return null;
  return (
    <section>
      <h3 className="mb-2 text-sm font-semibold">Cost</h3>
      <div className="grid gap-3">
        {used.map((call) => (
          <AttemptCost key={call.id} call={call} />
        ))}
      </div>
    </section>
  );
};

function AttemptCost({ call }: { readonly call: RequestLog }) {
  const name = `${call.provider_id}/${call.model}`;
  const { data, error } = useOperation('explain.request', { body: { model: name } });
  const target = data?.targets.find(({ provider_id: id, model }) => id === call.provider_id && model === call.model);
  const bill = billOf(call, target?.price);
  const cost = call.cost_nano_usd;
  return (
    <div className="overflow-hidden rounded-md border border-line">
      <table className="w-full text-sm">
        <caption className="sr-only">{`What ${name} cost`}</caption>
        <tbody>
          {data === undefined && error === null && (
            <tr>
              <td className="px-3 py-2">
                <Skeleton className="h-4 w-1/2" />
              </td>
            </tr>
          )}
          {bill?.lines.map(({ label, tokens, usdPerMillion, nanoUsd }) => (
            <tr key={label} className="border-b border-line">
              <td className="px-3 py-1.5">{label}</td>
              <td className="numeric px-3 py-1.5 text-right">
                <Num value={tokens} /> <span className="text-ink-3">× ${usdPerMillion} / M</span>
              </td>
              <td className="numeric px-3 py-1.5 text-right">{exactly(nanoUsd)}</td>
            </tr>
          ))}
          <tr className="bg-sunken font-medium">
            <td className="px-3 py-1.5" colSpan={2}>
              {name}
            </td>
            <td className="numeric px-3 py-1.5 text-right">{cost === null ? 'unknown' : exactly(cost)}</td>
          </tr>
        </tbody>
      </table>
      <p className="px-3 py-1.5 text-xs text-ink-3">{noteOf(cost, target?.price.state, bill?.isExact)}</p>
    </div>
  );
}

function noteOf(cost: number | null, state: string | undefined, isExact: boolean | undefined): string {
  if (cost === null)
    return 'Nobody knows its price: it is not counted as free. A price of your own stands at the model.';
  if (cost === 0 && state !== 'priced') return 'It is free.';
  if (isExact === true) return 'By the price list in force: the lines come to exactly what was written down.';
  if (isExact === false)
    return 'Written down by the price at the time of the call. The lines are by the price list of now, or lack what is charged apart, such as audio and reasoning.';
  return 'Written down by the price at the time of the call.';
}
