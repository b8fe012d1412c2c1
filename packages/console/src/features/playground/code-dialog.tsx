import { useState } from 'react';

import { CodeBlock } from '../../components/ui/code.tsx';
import { Dialog } from '../../components/ui/dialog.tsx';
import { Segments } from '../../components/ui/segments.tsx';
import { codeOf, DIALECT_NAMES, DIALECTS, KIND_LABELS, type DialectName, type ProgramKind } from './code-of.ts';
import { messagesFor, type Turn } from './conversation.ts';
import { parametersOf } from './parameters.ts';
import { declared } from './tools/tool.ts';
import { unsaidIn } from './unsaid.ts';
import type { Setup } from './use-chat.ts';

const DIALECT_CHOICES = DIALECT_NAMES.map((value) => ({ value, label: DIALECTS[value].label }));

export interface CodeDialogProps {
  readonly setup: Setup;
  readonly turns: readonly Turn[];
  /** Whose conversation is written. */
  readonly lane: number;
  readonly onClose: () => void;
}

/** The last question, with all that goes with it, as a program. */
export function CodeDialog({ setup, turns, lane, onClose }: CodeDialogProps) {
  const [dialect, setDialect] = useState<DialectName>('openai-chat');
  const [kind, setKind] = useState<ProgramKind>('curl');
  const { languages } = DIALECTS[dialect];
  const language = languages.find((each) => each === kind) ?? languages[0];
  const parameters = parametersOf(setup.settings);
  const asked = {
    origin: location.origin,
    model: setup.models[lane] ?? '',
    system: setup.settings.system,
    messages: messagesFor(openEnded(turns), lane),
    parameters,
    tools: declared(setup.tools),
  };
  const unsaid = unsaidIn(dialect, parameters);
  return (
    <Dialog
      isOpen
      onClose={onClose}
      size="lg"
      title="Copy as code"
      description="The last question from a program. It reads a key of yours from PATCHBAY_API_KEY, and attachments from files beside it."
    >
      <div className="grid gap-3">
        <Segments label="Dialect" value={dialect} onChange={setDialect} choices={DIALECT_CHOICES} className="w-fit" />
        <Segments
          label="Language"
          value={language}
          onChange={setKind}
          choices={languages.map((value) => ({ value, label: KIND_LABELS[value] }))}
          className="w-fit"
        />
        <CodeBlock text={codeOf(dialect, language, asked)} label="The program" />
        {unsaid.length > 0 && (
          <p role="status" className="text-xs text-warn">
            This dialect has no word for {unsaid.join(', ')}.
          </p>
        )}
      </div>
    </Dialog>
  );
}

/** The conversation up to the last question, without the answer that it already has; a greeting where there is none. */
function openEnded(turns: readonly Turn[]): readonly Turn[] {
  const last = turns.at(-1) ?? { text: 'Hello', attachments: [] };
  return [...turns.slice(0, -1), { ...last, lanes: [] }];
}
