import type { FieldDescriptor } from '@patchbay/contract/resources/provider';
import type { Template } from '@patchbay/contract/resources/template';
import { Cable, Pencil } from 'lucide-react';

import { AskedSheet } from '../../components/ui/asked-sheet.tsx';
import { Badge } from '../../components/ui/badge.tsx';
import { Button } from '../../components/ui/button.tsx';
import { KeyValue } from '../../components/ui/key-value.tsx';
import { Time, Tokens } from '../../components/ui/values.tsx';
import { useOperation } from '../../lib/use-api.ts';
import { useMay } from '../../lib/use-session.ts';
import { fieldLabel, METHODS } from './words.ts';

export interface TemplateSheetProps {
  readonly id: string;
  readonly onClose: () => void;
  readonly onAct: (what: 'use' | 'change', template: Template) => void;
}

/** One template: what it fills in, what it asks for, and the models that it brings. */
export function TemplateSheet({ id, onClose, onAct }: TemplateSheetProps) {
  const asked = useOperation('templates.get', { params: { id } });
  // The answer before stays while the next is on its way; that of another template would be wrong.
  const template = asked.data?.id === id ? asked.data : undefined;
  return (
    <AskedSheet
      kind="Template"
      shown={template}
      asked={asked}
      onClose={onClose}
      actions={(shown) => <Actions template={shown} onAct={onAct} />}
    >
      {(shown) => (
        <>
          <Facts template={shown} />
          <AsksFor template={shown} />
          <Models models={shown.defaultModels} />
        </>
      )}
    </AskedSheet>
  );
}

interface ActionsProps {
  readonly template: Template;
  readonly onAct: TemplateSheetProps['onAct'];
}

function Actions({ template, onAct }: ActionsProps) {
  const mayUse = useMay('providers:write');
  const mayWrite = useMay('templates:write');
  return (
    <>
      {mayWrite && !template.isSystem && (
        <Button size="sm" icon={<Pencil aria-hidden />} onClick={() => onAct('change', template)}>
          Change
        </Button>
      )}
      {mayUse && (
        <Button size="sm" icon={<Cable aria-hidden />} onClick={() => onAct('use', template)}>
          Add a provider
        </Button>
      )}
    </>
  );
}

const Facts = ({
  template: { description, category, isSystem, providerConfig, updatedAt },
}: {
  readonly template: Template;
}) => (
  <section>
    {description !== undefined && <p className="mb-3 max-w-prose text-sm text-ink-2">{description}</p>}
    <h3 className="mb-1 text-sm font-semibold">What it fills in</h3>
    <KeyValue
      rows={[
        ['Name', <bdi key="name">{providerConfig.name}</bdi>],
        [
          'Address',
          <span key="address" className="font-mono text-xs break-all">
            {providerConfig.apiEndpoint}
          </span>,
        ],
        ['Signs in with', METHODS[providerConfig.authMethod]],
        ['Category', category],
        ['Whose', <Badge key="whose">{isSystem ? 'built in' : 'made here'}</Badge>],
        ['Changed', <Time key="changed" at={updatedAt} isAge />],
      ]}
    />
  </section>
);

const AsksFor = ({ template: { providerConfig } }: { readonly template: Template }) => {
  const fields = Object.entries(providerConfig.authConfig.fields);
  return (
    <section>
      <h3 className="mb-1 text-sm font-semibold">What it asks for</h3>
      {fields.length === 0 ? (
        <p className="text-sm text-ink-3">Nothing.</p>
      ) : (
        <KeyValue
          rows={fields.map(([name, field]) => [fieldLabel(name), <FieldNote key={name} field={field} />] as const)}
        />
      )}
    </section>
  );
};

const FieldNote = ({ field }: { readonly field: string | FieldDescriptor }) => {
  if (typeof field === 'string') return <span className="font-mono text-xs break-all">{field}</span>;
  return (
    <span className="flex flex-wrap items-baseline gap-x-2">
      <Badge tone={field.required === true ? 'warn' : 'neutral'}>
        {field.required === true ? 'needed' : 'optional'}
      </Badge>
      {field.default !== undefined && <span className="font-mono text-xs break-all">{field.default}</span>}
      {field.description !== undefined && <span className="text-xs text-ink-2">{field.description}</span>}
    </span>
  );
};

const Models = ({ models }: { readonly models: Template['defaultModels'] }) => (
  <section>
    <h3 className="mb-1.5 text-sm font-semibold">
      Models <span className="numeric font-normal text-ink-3">{models.length}</span>
    </h3>
    <ul className="rounded-md border border-line">
      {models.map(({ identifier, name, contextLength, isDefault = false }) => (
        <li
          key={identifier}
          className="flex items-baseline gap-3 border-b border-line px-3 py-1.5 text-sm last:border-0"
        >
          <span className="min-w-0 flex-1">
            <bdi className="block truncate">{name}</bdi>
            <span className="block truncate font-mono text-xs text-ink-3">{identifier}</span>
          </span>
          {isDefault && <Badge tone="accent">default</Badge>}
          <Tokens value={contextLength} className="text-ink-2" />
        </li>
      ))}
    </ul>
  </section>
);
