import type { StreamMachine } from '../wire/codec.ts';

/**
 * Everything a machine says to `inputs`, its end included. `untilLast` (default true) stops at the wire's last word as
 * a live stream does; false lets the machine hear what comes behind it.
 */
export function play<In, Out, State>(
  machine: StreamMachine<In, Out, State>,
  inputs: Iterable<In>,
  { untilLast = true }: { readonly untilLast?: boolean } = {},
): readonly Out[] {
  const state = machine.initial();
  const outputs: Out[] = [];
  for (const input of inputs) {
    outputs.push(...machine.step(state, input));
    if (untilLast && machine.isLast?.(input)) break;
  }
  return [...outputs, ...machine.end(state)];
}
