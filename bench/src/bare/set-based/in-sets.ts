/** Collects what comes while the set before it is worked on. */
export function inSets<Item>(work: (items: readonly Item[]) => Promise<void>): (item: Item) => Promise<void> {
  let waiting: Item[] = [];
  let done = Promise.withResolvers<void>();
  let working = false;
  const next = (): void => {
    if (working || waiting.length === 0) return;
    const [items, told] = [waiting, done];
    [waiting, done, working] = [[], Promise.withResolvers<void>(), true];
    work(items)
      .then(told.resolve, told.reject)
      .finally(() => {
        working = false;
        next();
      });
  };
  return (item) => {
    waiting.push(item);
    const { promise } = done;
    queueMicrotask(next);
    return promise;
  };
}
