import type { Failure } from '@patchbay/llm/model/failure';
import type { Usage } from '@patchbay/llm/model/usage';

import type { PassLane } from '../../relay/pass-lane.ts';
import { PassTail } from '../../relay/pass-tail.ts';
import { renameMembers } from './rename-members.ts';

/** Longest answer that is held, in bytes; a thousand long documents that come back with their ranks fit. */
const ANSWER_BYTES_MAX = 32 * 1024 * 1024;

const TOO_LONG: Failure = { kind: 'protocol', message: 'The provider sent an answer of more than 32 MiB.' };

/** An answer that is held until it is whole, because its provider calls outermost members by names of its own. */
export class RenameLane implements PassLane {
  readonly keepsLength = false;
  readonly reshaped = true;
  readonly #names: Readonly<Record<string, string>>;
  readonly #tail = new PassTail();
  readonly #held: Buffer[] = [];
  #heldBytes = 0;

  constructor(names: Readonly<Record<string, string>>) {
    this.#names = names;
  }

  push(chunk: Buffer): readonly Buffer[] | Failure {
    this.#tail.push(chunk);
    this.#held.push(Buffer.from(chunk));
    this.#heldBytes += chunk.length;
    return this.#heldBytes > ANSWER_BYTES_MAX ? TOO_LONG : [];
  }

  end(): readonly Buffer[] {
    return [renameMembers(Buffer.concat(this.#held), this.#names)];
  }

  cut(): undefined {
    return undefined;
  }

  usage(): Usage | undefined {
    return this.#tail.usage();
  }
}
