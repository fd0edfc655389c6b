/** The caller that a token names: references only, never a name. Only the runtime reads the role. */
export interface Caller {
  readonly person: string;
  readonly organisation: string;
  readonly role: string;
}

/**
 * The desk that the country pack gives to a role in an organisation. Undefined when the pack gives the role to other organisations only.
 */
export type Desks = (role: string, organisation: string) => string | undefined;

/**
 * Who acts. Rights for the whole country are checked by the desk, which the country gives to an organisation. A role is a text in a
 * token, and every organisation may write it.
 */
export class Actor {
  readonly person: string;
  readonly organisation: string;
  /**
   * The desk that this person holds. It is for the whole country when the pack names its organisations, otherwise for their own
   * organisation.
   */
  readonly desk: string | undefined;
  readonly #role: string;

  constructor({ person, organisation, role }: Caller, desks: Desks) {
    this.person = person;
    this.organisation = organisation;
    this.desk = desks(role, organisation);
    this.#role = role;
  }

  holds(desk: string): boolean {
    return this.desk === desk;
  }

  /** The author, as the journal records it. */
  asAuthor(): Caller {
    return { person: this.person, organisation: this.organisation, role: this.#role };
  }
}
