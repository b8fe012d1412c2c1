import { Lightbulb } from 'lucide-react';

import { Prose } from '../../components/ui/prose.tsx';

/** What to do so that the next request fares better; nothing where all went well. */
export const Advice = ({ advice }: { readonly advice: readonly string[] }) =>
  advice.length === 0 ? null : (
    <section aria-label="What to do" className="flex gap-3 rounded-md border border-line bg-accent-soft px-3 py-2.5">
      <Lightbulb className="mt-0.5 size-4 shrink-0 text-accent" aria-hidden />
      <ul className="grid min-w-0 gap-1">
        {advice.map((each) => (
          <li key={each} className="text-sm break-words">
            <Prose text={each} />
          </li>
        ))}
      </ul>
    </section>
  );
