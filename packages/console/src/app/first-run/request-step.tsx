import { Link } from '@tanstack/react-router';
import { Send } from 'lucide-react';
import { useState, type SubmitEvent } from 'react';

import { Button } from '../../components/ui/button.tsx';
import { Card } from '../../components/ui/card.tsx';
import { CodeBlock } from '../../components/ui/code.tsx';
import { Field } from '../../components/ui/field.tsx';
import { Input, Select } from '../../components/ui/input.tsx';
import { Segments } from '../../components/ui/segments.tsx';
import { ReplyView } from '../../features/playground/reply-view.tsx';
import { useOperation } from '../../lib/use-api.ts';
import { codeFor, PROGRAM_LABELS, PROGRAMS, type FirstRequest, type Program } from './program-code.ts';
import { useFirstRequest } from './use-first-request.ts';

const CHOICES = PROGRAMS.map((value) => ({ value, label: PROGRAM_LABELS[value] }));
/** Answers without a provider and without a network. */
const SIMULATED = 'simulator/echo';

export interface RequestStepProps {
  /** The provider that was added. */
  readonly providerId: string | undefined;
  /** The text of the key that was made. */
  readonly madeKey: string | undefined;
}

/** The first request: sent from here, and as every program sends it. */
export function RequestStep({ providerId, madeKey }: RequestStepProps) {
  const models = useModelNames(providerId);
  const [chosen, setChosen] = useState<string>();
  const [text, setText] = useState('Say hello in one sentence.');
  const model = chosen ?? models[0] ?? SIMULATED;
  return (
    <>
      <Card title="Send it from here">
        <Trial model={model} models={models} text={text} madeKey={madeKey} onModel={setChosen} onText={setText} />
      </Card>
      <Card title="Send it from your program">
        <Programs asked={{ origin: location.origin, model, text }} madeKey={madeKey} />
      </Card>
      <footer className="flex justify-end">
        <Button asChild variant="primary" size="lg">
          <Link to="/">Done: go to the overview</Link>
        </Button>
      </footer>
    </>
  );
}

interface TrialProps {
  readonly model: string;
  readonly models: readonly string[];
  readonly text: string;
  readonly madeKey: string | undefined;
  readonly onModel: (model: string) => void;
  readonly onText: (text: string) => void;
}

function Trial({ model, models, text, madeKey, onModel, onText }: TrialProps) {
  const { reply, isBusy, send } = useFirstRequest(madeKey);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    send(model, text);
  };
  return (
    <form onSubmit={submit} className="grid gap-3 sm:grid-cols-[1fr_1.4fr_auto] sm:items-end">
      <Field label="Model">
        {(control) => (
          <Select {...control} value={model} onChange={({ target }) => onModel(target.value)}>
            {models.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="What to say">
        {(control) => <Input {...control} value={text} onChange={({ target }) => onText(target.value)} />}
      </Field>
      <Button type="submit" icon={<Send aria-hidden />} isBusy={isBusy} disabled={text.trim() === ''}>
        Send
      </Button>
      {reply !== undefined && (
        <div className="min-w-0 sm:col-span-3">
          <ReplyView reply={reply} />
        </div>
      )}
    </form>
  );
}

interface ProgramsProps {
  readonly asked: FirstRequest;
  readonly madeKey: string | undefined;
}

function Programs({ asked, madeKey }: ProgramsProps) {
  const [program, setProgram] = useState<Program>('curl');
  return (
    <div className="grid gap-3">
      <CodeBlock text={`export PATCHBAY_API_KEY=${madeKey ?? '…'}`} label="The variable with the key" wraps />
      <Segments label="Program" value={program} onChange={setProgram} choices={CHOICES} className="w-fit" />
      <CodeBlock text={codeFor(program, asked)} label="The request" />
    </div>
  );
}

/** Models of the new provider, by the names that programs use; the simulator’s after them. */
function useModelNames(providerId: string | undefined): readonly string[] {
  const params = { id: providerId ?? '' };
  const isThere = providerId !== undefined;
  const { data: provider } = useOperation('providers.get', { params }, { enabled: isThere });
  const { data: models } = useOperation(
    'models.ofProvider',
    { params: { providerId: params.id }, query: { status: 'active' } },
    { enabled: isThere },
  );
  const own = provider === undefined ? [] : (models ?? []);
  return [...own.map(({ identifier }) => `${provider?.identifier ?? ''}/${identifier}`), SIMULATED];
}
