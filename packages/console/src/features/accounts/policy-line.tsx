import type { AccountPolicy } from '@patchbay/contract/resources/account-policy';
import { Shuffle } from 'lucide-react';
import { useState } from 'react';

import { Button } from '../../components/ui/button.tsx';
import { Tooltip } from '../../components/ui/tooltip.tsx';
import { useMay } from '../../lib/use-session.ts';
import { PolicyForm } from './policy-form.tsx';
import { heldWords, sourceWords } from './policy.ts';

export interface PolicyLineProps {
  /** What the provider is called. */
  readonly name: string;
  readonly of: AccountPolicy;
}

/** How calls choose among a provider's accounts, with whose word that is; whoever may, chooses another way. */
export function PolicyLine({ name, of: policy }: PolicyLineProps) {
  const mayChoose = useMay('providers:write');
  const [isAsked, setIsAsked] = useState(false);
  const { words } = heldWords(policy);
  if (!mayChoose) return <span className="text-xs text-ink-3 max-sm:hidden">{words}</span>;
  return (
    <>
      <Tooltip text={`How calls choose: ${sourceWords(policy)}`}>
        <Button
          size="sm"
          variant="quiet"
          icon={<Shuffle aria-hidden />}
          aria-label={`Accounts of ${name} are chosen ${words}: change that`}
          onClick={() => setIsAsked(true)}
        >
          <span className="max-sm:hidden">{words}</span>
        </Button>
      </Tooltip>
      {isAsked && <PolicyForm name={name} of={policy} onClose={() => setIsAsked(false)} />}
    </>
  );
}
