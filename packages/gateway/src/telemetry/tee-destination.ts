/**
 * Where a log writes when others want to hear it too: each piece of text is told to them once, also where `write` refuses
 * it and gets it again later together with what came on top.
 */
export function teeDestination(
  write: (text: string) => boolean,
  others: readonly ((text: string) => void)[],
): (text: string) => boolean {
  /** Characters of the next text that they know already. */
  let told = 0;
  return (text) => {
    const fresh = text.slice(told);
    told = text.length;
    if (fresh !== '') for (const hear of others) hear(fresh);
    const isTaken = write(text);
    if (isTaken) told = 0;
    return isTaken;
  };
}
