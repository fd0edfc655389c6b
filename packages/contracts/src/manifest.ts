/**
 * What the platform must know of a service to run, deploy, watch, operate and test it. Each service states it in `services/<name>/service.ts`; there is
 * no other list of services.
 */
export interface ServiceManifest {
  /** The name of its folder, image, database and topics, e.g. `case-vault`. */
  readonly name: string;
  /** Ports on one machine (`npm start`, Compose). In a container each service listens on 50051 and 9100. */
  readonly ports: { readonly grpc: number; readonly health: number };
  /** Keys that it seals with and keeps outside its database. */
  readonly keys?: {
    /** The environment variable that names where the keys are, e.g. `KEY_DIRECTORY`. */
    readonly setting: string;
    /** The volume of Compose, and the folder of a local platform, e.g. `vault-keys`. */
    readonly volume: string;
    /** The file in the volume that the setting names; without it the setting names the volume's folder. */
    readonly file?: string;
  };
  /** One statement that reads each reference of a case that is this service's own, as `id`. No other service but the vault may know one. */
  readonly caseReferences?: string;
  /** It holds the map between the references of all services: the vault alone. */
  readonly mapsReferences?: true;
  /**
   * Of a service that keeps units for referrals: one statement that reads each live hold as `hold_id`, `status` (`held`, `confirmed` or `started`) and
   * `units`, the ids of its units, each of which is one unit of the whole platform. The promises compare them with the referrals.
   */
  readonly holds?: string;
  /**
   * The tables whose rows its transactions lock, in the order in which each transaction must lock them, with their ids sorted; `advisory` stands for an
   * advisory lock. The specs of the service fail on another order, because two transactions could wait for each other.
   */
  readonly lockOrder?: readonly string[];
  /** Tables that hold only what one topic announced, by topic: they can be emptied and filled again. */
  readonly projections?: Readonly<Record<string, readonly Projection[]>>;
}

export interface Projection {
  readonly table: string;
  /**
   * The statement before the table is filled again, e.g. `DELETE FROM relation`. The service answers calls meanwhile, so the table must show nothing that
   * permits more than its complete content would.
   */
  readonly empty: string;
}
