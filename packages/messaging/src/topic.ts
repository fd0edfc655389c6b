/** A topic of one owner for one audience, with the encoding of its events. */
export interface Topic<Event extends { readonly $case: string }> {
  readonly name: string;
  readonly owner: string;
  readonly audience: string;
  readonly partitions: number;
  encode(event: Event): Uint8Array;
  /** Undefined for an event that this version does not know. Throws when the bytes are not the message. */
  decode(bytes: Uint8Array): Event | undefined;
}

/** The CloudEvents type of an event: `opennrm.<owner>.v1.<Event>`. */
export const typeOf = (topic: { readonly owner: string }, $case: string): string =>
  `opennrm.${topic.owner.replaceAll('-', '_')}.v1.${$case.charAt(0).toUpperCase()}${$case.slice(1)}`;
