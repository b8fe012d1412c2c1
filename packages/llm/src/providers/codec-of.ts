import { amazonCarried } from '../wire/anthropic-messages/amazon-frames.ts';
import type { UpstreamCodec } from '../wire/codec.ts';
import { UPSTREAM_FORMATS } from '../wire/registry.ts';
import type { Speaks } from './define-provider.ts';

/** The codec that speaks to a provider as it wants to be spoken to: that of the format, or of how a host carries it. */
export function codecOf(speaks: Speaks): UpstreamCodec<object> {
  const carried = speaks.format === 'anthropic-messages' && speaks.dialect?.framing !== undefined;
  return carried ? amazonCarried : UPSTREAM_FORMATS[speaks.format];
}
