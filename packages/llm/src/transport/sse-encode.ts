/**
 * One event as text: its name when it has one, a `data:` line for every line of data, and the blank line. Every line
 * break in data is read back as `\n`; line breaks in a name are taken out, so that neither can forge a field.
 */
export function encodeFrame(frame: { readonly event: string; readonly data: string }): string {
  const name = frame.event === '' ? '' : `event: ${frame.event.replaceAll(/[\r\n]/g, '')}\n`;
  const { data } = frame;
  const isOneLine = !data.includes('\n') && !data.includes('\r');
  return `${name}data: ${isOneLine ? data : data.replaceAll(/\r\n|\r|\n/g, '\ndata: ')}\n\n`;
}
