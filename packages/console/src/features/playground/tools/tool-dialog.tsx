import { useState } from 'react';

import { Field } from '../../../components/ui/field.tsx';
import { FormDialog } from '../../../components/ui/form-dialog.tsx';
import { Input, Textarea } from '../../../components/ui/input.tsx';
import { toolFaults, type Tool } from './tool.ts';

export interface ToolDialogProps {
  /** What is changed; one to begin from where it is new. */
  readonly tool: Tool;
  readonly isNew: boolean;
  /** Names of the other tools. */
  readonly taken: readonly string[];
  readonly onDone: (tool: Tool) => void;
  readonly onClose: () => void;
}

/** Describes a tool to models. What is wrong with its schema is said while one writes. */
export function ToolDialog({ tool, isNew, taken, onDone, onClose }: ToolDialogProps) {
  const [written, setWritten] = useState(tool);
  const [wasSent, setWasSent] = useState(false);
  const faults = toolFaults(written, taken);
  const send = (): void => {
    setWasSent(true);
    if (Object.keys(faults).length === 0) onDone(written);
  };
  return (
    <FormDialog
      title={isNew ? 'Add a tool' : 'Change the tool'}
      description="A model may ask for it to be called. Nothing is called by itself: you write what it answers."
      submitLabel={isNew ? 'Add tool' : 'Change tool'}
      onSubmit={send}
      onClose={onClose}
    >
      <Field
        label="Name"
        hint="As a function is called, such as get_weather."
        error={wasSent || written.name !== '' ? faults.name : undefined}
        className="sm:col-span-2"
      >
        {(control) => (
          <Input
            {...control}
            className="font-mono"
            autoComplete="off"
            spellCheck={false}
            value={written.name}
            onChange={(event) => setWritten({ ...written, name: event.target.value })}
          />
        )}
      </Field>
      <Field label="Description" hint="When and what for: models go by it." className="sm:col-span-2" isOptional>
        {(control) => (
          <Textarea
            {...control}
            className="min-h-14 resize-y"
            value={written.description}
            onChange={(event) => setWritten({ ...written, description: event.target.value })}
          />
        )}
      </Field>
      <Field label="Arguments" hint="JSON Schema of an object." error={faults.schema} className="sm:col-span-2">
        {(control) => (
          <Textarea
            {...control}
            className="h-56 resize-y font-mono text-xs"
            spellCheck={false}
            value={written.schema}
            onChange={(event) => setWritten({ ...written, schema: event.target.value })}
          />
        )}
      </Field>
    </FormDialog>
  );
}
