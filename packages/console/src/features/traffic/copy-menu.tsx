import type { RequestLog } from '@patchbay/contract/resources/request-log';
import { Copy } from 'lucide-react';
import { toast } from 'sonner';

import { Button } from '../../components/ui/button.tsx';
import { Menu } from '../../components/ui/menu.tsx';
import { useApi, useOperation } from '../../lib/use-api.ts';
import { useMay } from '../../lib/use-session.ts';
import { curlOf } from './replay-request.ts';

export interface CopyMenuProps {
  readonly id: string;
  readonly size?: 'sm' | 'md';
}

/** Takes a call along: its id, its address here, or as a command. */
export function CopyMenu({ id, size = 'md' }: CopyMenuProps) {
  const api = useApi();
  const mayRead = useMay('payloads:read');
  const [call] = useOperation('requestLogs.list', { query: { request_id: id, limit: 1 } }).data?.logs ?? [];
  const copyCurl = async (from: RequestLog): Promise<void> => {
    // Bodies are read when somebody wants them: each reading is written down.
    const kept = mayRead
      ? await api.call('requestLogs.payloads', { params: { request_id: id } }).catch(() => undefined)
      : undefined;
    const text = kept?.payloads[0]?.client_request.text ?? null;
    await copy(curlOf(location.origin, from.route, text, from.requested_model), 'The command is on the clipboard.');
  };
  return (
    <Menu
      trigger={
        <Button variant="quiet" size={size} icon={<Copy aria-hidden />}>
          Copy
        </Button>
      }
      groups={[
        [
          { label: 'Request id', onSelect: () => void copy(id, 'The request id is on the clipboard.') },
          {
            label: 'Link to this call',
            onSelect: () =>
              void copy(`${location.origin}/traffic/${encodeURIComponent(id)}`, 'The link is on the clipboard.'),
          },
          { label: 'As curl', isDisabled: call === undefined, onSelect: () => call && void copyCurl(call) },
        ],
      ]}
    />
  );
}

async function copy(text: string, done: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast.success(done);
  } catch {
    toast.error('The browser did not let the page use the clipboard.');
  }
}
