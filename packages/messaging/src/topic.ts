/** A topic of one owner for one audience: how its events are written and read. */
export interface Topic<Event extends { readonly $case: string }> {
  readonly name: string;
  readonly owner: string;
  readonly audience: string;
  /** The proto package of its events. */
  readonly package: string;
  readonly partitions: number;
  encode(event: Event): Uint8Array;
  /** Undefined for an event that this version does not know. Throws on bytes that are not the message. */
  decode(bytes: Uint8Array): Event | undefined;
}

/** The CloudEvents type of an event: the full name of its message, `<package>.<Event>`. */
export const typeOf = (topic: { readonly package: string }, $case: string): string =>
  `${topic.package}.${$case.charAt(0).toUpperCase()}${$case.slice(1)}`;
