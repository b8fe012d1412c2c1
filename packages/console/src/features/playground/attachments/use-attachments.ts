import { useState } from 'react';

import { failureOf } from '../../../lib/failure.ts';
import { kindOf, readAttachment, refusalOf, type Attachment } from './attachment.ts';

/** The files that go with the question that is being written. */
export interface Attachments {
  readonly list: readonly Attachment[];
  /** Why the last files were not taken, each in a sentence. */
  readonly refusals: readonly string[];
  readonly add: (files: readonly File[]) => void;
  readonly remove: (at: number) => void;
  readonly set: (list: readonly Attachment[]) => void;
}

/** Holds them until they are sent; what is not taken is said. */
export function useAttachments(): Attachments {
  const [list, setList] = useState<readonly Attachment[]>([]);
  const [refusals, setRefusals] = useState<readonly string[]>([]);
  const add = async (files: readonly File[]): Promise<void> => {
    const said: string[] = [];
    const taken: Attachment[] = [];
    for (const file of files) {
      const refusal = refusalOf(file, [...list, ...taken]);
      const kind = kindOf(file);
      if (refusal !== undefined || kind === undefined) {
        said.push(refusal ?? '');
        continue;
      }
      try {
        // One after the other: each counts against what the next may be.
        // oxlint-disable-next-line no-await-in-loop
        taken.push(await readAttachment(file, kind));
      } catch (error) {
        said.push(failureOf(error).message);
      }
    }
    setRefusals(said);
    setList((before) => [...before, ...taken]);
  };
  return {
    list,
    refusals,
    add: (files) => void add(files),
    remove: (at) => {
      setRefusals([]);
      setList((before) => before.filter((_, of) => of !== at));
    },
    set: (next) => {
      setRefusals([]);
      setList(next);
    },
  };
}
