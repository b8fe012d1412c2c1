import type { IncomingMessage } from 'node:http';

/** The beginning of a request's body. */
export interface BodyStart {
  readonly pieces: readonly Buffer[];
  readonly bytes: number;
  /** True when this is all of it. */
  readonly isWhole: boolean;
}

/**
 * Reads a body until `enough` says so, `limitBytes` are there, it ends or its client leaves; then pauses it. `enough` is
 * asked first, and again with each piece.
 */
export function readStart(
  source: IncomingMessage,
  limitBytes: number,
  enough: (piece: Buffer | undefined) => boolean,
): Promise<BodyStart> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = [];
    let bytes = 0;
    const settle = (isWhole: boolean): void => {
      source.off('data', onData).off('end', onEnd).off('close', onClose).pause();
      resolve({ pieces, bytes, isWhole });
    };
    const onEnd = (): void => settle(true);
    const onClose = (): void => settle(false);
    const onData = (piece: Buffer): void => {
      pieces.push(piece);
      bytes += piece.length;
      if (enough(piece) || bytes > limitBytes) settle(false);
    };
    if (enough(undefined) || source.destroyed) return settle(false);
    // A client that leaves in the middle reports an error, which would otherwise end the process.
    source.on('error', () => undefined);
    return void source.on('data', onData).on('end', onEnd).on('close', onClose);
  });
}
