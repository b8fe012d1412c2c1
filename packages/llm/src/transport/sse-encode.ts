/** One event as text: its name when it has one, a `data:` line for every line of data, and the blank line. */
export function encodeFrame(frame: { readonly event: string; readonly data: string }): string {
  const name = frame.event === '' ? '' : `event: ${frame.event}\n`;
  const data = frame.data.includes('\n') ? frame.data.replaceAll('\n', '\ndata: ') : frame.data;
  return `${name}data: ${data}\n\n`;
}
