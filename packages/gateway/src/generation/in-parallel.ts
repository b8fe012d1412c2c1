/** The results of `work` on all items, in their order, `most` at a time. */
export async function inParallel<Item, Made>(
  items: readonly Item[],
  most: number,
  work: (item: Item, at: number) => Promise<Made>,
): Promise<readonly Made[]> {
  const made: Made[] = [];
  const entries = items.entries();
  const lane = async (): Promise<void> => {
    for (const [at, item] of entries) made[at] = await work(item, at);
  };
  await Promise.all(Array.from({ length: most }, lane));
  return made;
}
