import { useState } from 'react';

import { cx } from '../../lib/cx.ts';

/** More than this is shown when somebody asks: megabytes must not stop the page. */
const SHOWN = 600;

/** What others wrote, as text and in its own direction. */
export function LongText({ text, className }: { readonly text: string; readonly className?: string }) {
  const [isWhole, setWhole] = useState(false);
  const isLong = text.length > SHOWN;
  return (
    <p className={cx('min-w-0 wrap-anywhere whitespace-pre-wrap', className)}>
      <bdi>{isWhole || !isLong ? text : `${text.slice(0, SHOWN)}…`}</bdi>{' '}
      {isLong && (
        <button type="button" className="text-accent hover:underline" onClick={() => setWhole(!isWhole)}>
          {isWhole ? 'Show less' : `${(text.length - SHOWN).toLocaleString()} more characters`}
        </button>
      )}
    </p>
  );
}
