import type { Message } from '../../model/message.ts';

/** A message and where it stood before anything was changed; one that was added has the place of its cause. */
export interface PlacedMessage<M extends Message = Message> {
  readonly message: M;
  readonly index: number;
}
