/** The id of a number: every column of ids draws from the same ids, so that what points to a row finds it. */
export const idOf = (number: string): string => `md5((${number})::int::text)::uuid`;
