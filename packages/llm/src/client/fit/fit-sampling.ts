import type { GenerationRequest } from '../../model/request.ts';
import type { SamplingSetting } from '../../providers/families.ts';
import type { Step } from './fit-request.ts';
import type { KnownTarget } from './fit-target.ts';

/** Values that ask for nothing: with them a setting that is refused is let through or not missed. */
const UNASKED: Readonly<Partial<Record<SamplingSetting, number>>> = {
  temperature: 1,
  topP: 1,
  presencePenalty: 0,
  frequencyPenalty: 0,
  candidateCount: 1,
};

/** Leaves out settings that the model's family refuses, at all times or while it thinks. */
export function fitSampling(request: GenerationRequest, { facts }: KnownTarget): Step {
  const refused = facts.refuses ?? [];
  if (refused.length === 0 || (facts.refusesWhile === 'thinking' && !thinks(request, facts.thinking?.isDefault)))
    return { request, losses: [] };
  const said = refused.filter((name) => request[name] !== undefined);
  if (said.length === 0) return { request, losses: [] };
  const rest: Record<string, unknown> = { ...request };
  for (const name of said) delete rest[name];
  const asked = said.filter((name) => request[name] !== UNASKED[name]);
  return {
    // Every setting of sampling may be absent.
    request: rest as unknown as GenerationRequest,
    losses: asked.map((path) => ({ path, what: `\`${path}\`, which the model refuses`, instead: 'dropped' })),
  };
}

function thinks({ reasoning }: GenerationRequest, isDefault = false): boolean {
  if (reasoning === undefined) return isDefault;
  return reasoning.mode !== 'disabled' && reasoning.effort !== 'none';
}
