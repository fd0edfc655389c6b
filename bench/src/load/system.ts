/** An offer, as its reader sees it. */
export interface SeenOffer {
  readonly id: string;
  readonly offer: string;
  readonly organisation?: string;
}

/** A system under load, as its callers see it. */
export interface System {
  /** @param nth the number of the request; the content of the request is derived from it. */
  request(id: string, nth: number): Promise<void>;
  accept(offer: SeenOffer): Promise<void>;
  close(): void;
}
