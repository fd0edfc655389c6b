/** The id of a number: every column of ids draws from the same ids, so that what points to a row finds it. */
export const idOf = (number: string): string => `md5((${number})::int::text)::uuid`;

export const isId = (text: string): boolean =>
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);

/** Columns of text that hold ids; a spec may have put any other text there. */
export const KEYS: ReadonlySet<string> = new Set(['key', 'stream_key', 'about']);
