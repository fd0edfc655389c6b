/** Who a token says is calling: references only, never a name. Only the runtime reads its role. */
export interface Caller {
  readonly person: string;
  readonly organisation: string;
  readonly role: string;
}

/**
 * The desk that a role in an organisation is, as the country pack says; undefined where the pack gives the role to other organisations alone.
 */
export type Desks = (role: string, organisation: string) => string | undefined;

/**
 * Who acts. What somebody may do for the whole country is asked of the desk, which the country gives to an organisation: a role is a word in a token,
 * and every organisation may write it.
 */
export class Actor {
  readonly person: string;
  readonly organisation: string;
  /** An office that this person holds; of the whole country where the pack names its holders, else of their own organisation. */
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

  /** Who acted, as the journal records it. */
  asAuthor(): Caller {
    return { person: this.person, organisation: this.organisation, role: this.#role };
  }
}
