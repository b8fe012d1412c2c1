import { useState } from 'react';

import { CodeBlock } from '../../components/ui/code.tsx';
import { Dialog } from '../../components/ui/dialog.tsx';
import { Segments } from '../../components/ui/segments.tsx';
import { codeOf, LANGUAGE_LABELS, LANGUAGES, type Asked, type Language } from './code-of.ts';

const CHOICES = LANGUAGES.map((value) => ({ value, label: LANGUAGE_LABELS[value] }));

export interface CodeDialogProps {
  readonly asked: Asked;
  readonly onClose: () => void;
}

/** The last question, with all that goes with it, as a program. */
export function CodeDialog({ asked, onClose }: CodeDialogProps) {
  const [language, setLanguage] = useState<Language>('curl');
  return (
    <Dialog
      isOpen
      onClose={onClose}
      size="lg"
      title="Copy as code"
      description="The same call from a program. It reads a key of yours from PATCHBAY_API_KEY."
    >
      <div className="grid gap-3">
        <Segments label="Language" value={language} onChange={setLanguage} choices={CHOICES} className="w-fit" />
        <CodeBlock text={codeOf(language, asked)} label="The program" />
      </div>
    </Dialog>
  );
}
