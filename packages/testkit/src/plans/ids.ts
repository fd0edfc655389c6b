/** The id of a number. Every column of ids uses the same ids, so that references find their rows. */
export const idOf = (number: string): string => `md5((${number})::int::text)::uuid`;

export const isId = (text: string): boolean =>
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);

/** Text columns that hold ids, though a spec may have written any other text. */
export const KEYS: ReadonlySet<string> = new Set(['key', 'stream_key', 'about']);
