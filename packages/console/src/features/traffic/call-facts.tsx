import type { RequestLog } from '@patchbay/contract/resources/request-log';

import { CopyButton } from '../../components/ui/code.tsx';
import { KeyValue } from '../../components/ui/key-value.tsx';
import { Time } from '../../components/ui/values.tsx';
import type { Names } from '../../lib/use-names.ts';

/** What else is known of a call. */
export const CallFacts = ({ call, names }: { readonly call: RequestLog | undefined; readonly names: Names }) =>
  call === undefined ? null : (
    <section>
      <h3 className="mb-1 text-sm font-semibold">Facts</h3>
      <KeyValue
        rows={[
          [
            'Request id',
            <span key="id" className="flex items-center gap-1">
              <span className="min-w-0 font-mono text-xs break-all">{call.request_id}</span>
              <CopyButton text={call.request_id} label="Copy the request id" className="-my-1" />
            </span>,
          ],
          ['Asked for', <bdi key="model">{call.requested_model}</bdi>],
          ['Key', call.key_id === null ? 'none' : <bdi key="key">{names.key(call.key_id)}</bdi>],
          ['Time', <Time key="time" at={call.created_at} />],
          ['Registry version', call.registry_version ?? undefined],
        ]}
      />
    </section>
  );
