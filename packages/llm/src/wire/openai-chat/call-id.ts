const DIGITS = 36;

/** True for an id of exactly so many letters and digits. */
export const isCallId = (id: string, length: number): boolean => id.length === length && /^[a-zA-Z0-9]*$/.test(id);

/** An id of exactly so many letters and digits; the same id always gives the same, so that results find their calls. */
export function callIdOf(id: string, length: number): string {
  if (isCallId(id, length)) return id;
  let made = '';
  for (let round = 0; made.length < length; round += 1) made += hashOf(`${round}${id}`).toString(DIGITS);
  return made.slice(0, length);
}

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c_9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x0100_0193);
  return hash >>> 0;
}
