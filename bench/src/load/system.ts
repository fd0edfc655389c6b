/** An offer as its reader sees it. */
export interface SeenOffer {
  readonly id: string;
  readonly offer: string;
  readonly organisation?: string;
}

/** A system under load, as the people outside it see it. */
export interface System {
  /** @param nth which of all requests it is: what is asked for follows from it. */
  request(id: string, nth: number): Promise<void>;
  accept(offer: SeenOffer): Promise<void>;
  close(): void;
}
