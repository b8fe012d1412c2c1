import type { Target } from './target.ts';

/**
 * The order in which targets are tried: those that admit calls as the caller listed them, then the others, which are
 * better than no answer. Every target is asked once, and only where there is a choice.
 */
export function planTargets(targets: readonly Target[], admits: (target: Target) => boolean): readonly Target[] {
  if (targets.length < 2) return targets;
  const down: Target[] = [];
  const up = targets.filter((target) => {
    const admitted = admits(target);
    if (!admitted) down.push(target);
    return admitted;
  });
  return [...up, ...down];
}
