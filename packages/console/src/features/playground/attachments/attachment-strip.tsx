import { FileText, ImageOff, X } from 'lucide-react';

import { Button } from '../../../components/ui/button.tsx';
import { Bytes } from '../../../components/ui/values.tsx';
import { cx } from '../../../lib/cx.ts';
import { dataUrlOf, type Attachment } from './attachment.ts';

export interface AttachmentStripProps {
  readonly attachments: readonly Attachment[];
  /** Absent where they were sent already. */
  readonly onRemove?: (at: number) => void;
  readonly className?: string;
}

/** What goes or went with a question: images as they are, the rest by name. */
export const AttachmentStrip = ({ attachments, onRemove, className }: AttachmentStripProps) => (
  <ul aria-label="Attachments" className={cx('flex flex-wrap gap-2', className)}>
    {attachments.map((each, at) => (
      <li
        key={at}
        className="flex max-w-60 min-w-0 items-center gap-2 rounded-md border border-line bg-surface p-1 text-xs text-ink-2"
      >
        <Thumbnail attachment={each} />
        <span className="min-w-0 flex-1">
          <bdi className="block truncate" title={each.name}>
            {each.name}
          </bdi>
          <span className="text-ink-3">
            {each.content === undefined ? 'left out of the link' : <Bytes value={each.bytes} />}
          </span>
        </span>
        {onRemove !== undefined && (
          <Button
            variant="quiet"
            size="icon-sm"
            aria-label={`Remove ${each.name}`}
            icon={<X aria-hidden />}
            onClick={() => onRemove(at)}
          />
        )}
      </li>
    ))}
  </ul>
);

function Thumbnail({ attachment }: { readonly attachment: Attachment }) {
  const { kind, content, name } = attachment;
  if (kind === 'image' && content !== undefined)
    return <img src={dataUrlOf(attachment)} alt={name} className="size-10 shrink-0 rounded bg-sunken object-cover" />;
  const Icon = kind === 'image' ? ImageOff : FileText;
  return (
    <span className="grid size-10 shrink-0 place-items-center rounded bg-sunken text-ink-3">
      <Icon className="size-5" aria-hidden />
    </span>
  );
}
