/** The largest possible position. */
const LAST = '9223372036854775807';

/**
 * The rows of topic `$1` after position `$2`, to be read in the order of both columns. Written as a range of pairs, so that only an index
 * on both columns gives this order. For `topic = $1` PostgreSQL may read the positions of all topics instead, which takes very long when
 * the topic has few rows.
 */
export const afterInTopic = (topic: string, position: string): string =>
  `(${topic}, ${position}) > ($1, $2) AND (${topic}, ${position}) <= ($1, ${LAST})`;
