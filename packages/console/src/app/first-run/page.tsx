import { Link } from '@tanstack/react-router';
import { Check } from 'lucide-react';
import { useState } from 'react';

import { Button } from '../../components/ui/button.tsx';
import { Page as Frame, PageHeader } from '../../components/ui/page.tsx';
import { cx } from '../../lib/cx.ts';
import { useAddress } from '../../lib/use-address.ts';
import { KeyStep } from './key-step.tsx';
import { ProviderStep } from './provider-step.tsx';
import { RequestStep } from './request-step.tsx';

const STEPS = [
  { step: 'provider', label: 'Add a provider' },
  { step: 'key', label: 'Make a key' },
  { step: 'request', label: 'Send a request' },
] as const;

type Step = (typeof STEPS)[number]['step'];

/** From nothing to an answer: a provider, a key, a request. Each step can be passed over, and the guide left at any time. */
export function Page() {
  const [{ step: named, provider: providerId }, setAddress] = useAddress();
  // The text of a key is shown once and stands in no address: a reload forgets it.
  const [key, setKey] = useState<string>();
  const step = STEPS.find((each) => each.step === named)?.step ?? 'provider';
  const go = (to: Step): void => setAddress({ step: to === 'provider' ? undefined : to });
  return (
    <Frame>
      <div className="mx-auto grid w-full max-w-3xl gap-5">
        <PageHeader
          title="First steps"
          description="Three steps to the first answer. What you pass over can be done later."
          actions={
            <Button asChild variant="quiet" className="-mr-3">
              <Link to="/">Leave the guide</Link>
            </Button>
          }
        />
        <StepList current={step} onChoose={go} />
        {step === 'provider' && (
          <ProviderStep
            providerId={providerId}
            onAdded={(id) => setAddress({ provider: id })}
            onNext={() => go('key')}
          />
        )}
        {step === 'key' && <KeyStep made={key} onMade={setKey} onNext={() => go('request')} />}
        {step === 'request' && <RequestStep providerId={providerId} madeKey={key} />}
      </div>
    </Frame>
  );
}

interface StepListProps {
  readonly current: Step;
  readonly onChoose: (step: Step) => void;
}

const StepList = ({ current, onChoose }: StepListProps) => {
  const at = STEPS.findIndex(({ step }) => step === current);
  return (
    <nav aria-label="Steps">
      <ol className="grid grid-cols-3 gap-2">
        {STEPS.map(({ step, label }, each) => (
          <li key={step}>
            <button
              type="button"
              aria-current={each === at ? 'step' : undefined}
              onClick={() => onChoose(step)}
              className={cx(
                'flex w-full flex-col gap-1.5 border-t-2 pt-2 text-left sm:flex-row sm:items-center sm:gap-2',
                each <= at ? 'border-accent' : 'border-line',
              )}
            >
              <span
                className={cx(
                  'numeric grid size-5 shrink-0 place-items-center rounded-full text-2xs font-semibold',
                  each <= at ? 'bg-accent text-on-accent' : 'bg-hover text-ink-2',
                )}
              >
                {each < at ? <Check className="size-3" aria-hidden /> : each + 1}
              </span>
              <span className={cx('text-sm', each === at ? 'font-medium' : 'text-ink-2')}>{label}</span>
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
};
