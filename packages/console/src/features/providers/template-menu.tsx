import type { Template } from '@patchbay/contract/resources/template';
import { Cable, Copy, Download, Ellipsis, Pencil, Trash2 } from 'lucide-react';
import { toast } from 'sonner';

import { Button } from '../../components/ui/button.tsx';
import { Menu, type MenuItem } from '../../components/ui/menu.tsx';
import { failureOf } from '../../lib/failure.ts';
import { useDownload } from '../../lib/use-download.ts';
import { useMay } from '../../lib/use-session.ts';

export interface TemplateMenuProps {
  readonly template: Template;
  readonly onAct: (what: 'use' | 'copy' | 'change' | 'delete', template: Template) => void;
}

/** What can be done with one template; nothing at all for those who may only look. */
export function TemplateMenu({ template, onAct }: TemplateMenuProps) {
  const mayUse = useMay('providers:write');
  const mayWrite = useMay('templates:write');
  const mayExport = useMay('configuration:export');
  const download = useDownload('templates.export', { params: { id: template.id } });
  const keep = (): void =>
    download.mutate(undefined, {
      onSuccess: (name) => toast.success(`${name} was downloaded.`),
      onError: (error) => toast.error(failureOf(error).message),
    });
  const item = (label: string, icon: MenuItem['icon'], what: 'use' | 'copy' | 'change' | 'delete'): MenuItem => ({
    label,
    icon,
    onSelect: () => onAct(what, template),
  });
  const isOwn = mayWrite && !template.isSystem;
  const groups = [
    [
      ...(mayUse ? [item('Add a provider from it…', <Cable aria-hidden />, 'use')] : []),
      ...(isOwn ? [item('Change…', <Pencil aria-hidden />, 'change')] : []),
      ...(mayWrite ? [item('Copy…', <Copy aria-hidden />, 'copy')] : []),
      ...(mayExport ? [{ label: 'Download', icon: <Download aria-hidden />, onSelect: keep }] : []),
    ],
    isOwn ? [{ ...item('Delete…', <Trash2 aria-hidden />, 'delete'), isDanger: true }] : [],
  ].filter((group) => group.length > 0);
  if (groups.length === 0) return null;
  return (
    <Menu
      heading={<span className="block max-w-56 truncate">{template.name}</span>}
      groups={groups}
      trigger={
        <Button
          variant="quiet"
          size="icon-sm"
          aria-label={`What to do with ${template.name}`}
          icon={<Ellipsis aria-hidden />}
        />
      }
    />
  );
}
