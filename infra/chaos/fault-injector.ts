import { setTimeout as pause } from 'node:timers/promises';
import { asAdmin, type Platform, relayHolder, type SupervisedProcess } from '@opennrm/infra/local';
import { type Chance, chance } from '../demo/chance.ts';
import { withinTime } from '../local/process/ready.ts';

/** What can happen to a platform, and how often beside the others. */
const kinds = {
  'service killed': 6,
  'service frozen': 2,
  'relay holder killed': 3,
  'database connections cut': 4,
  'broker killed': 1,
  'broker frozen': 1,
  'PostgreSQL crashed': 0.3,
} as const;
export type Kind = keyof typeof kinds;

const FREEZE_MS = { least: 1_000, most: 15_000 };
/** Two of three are then never away together, unless that is asked for. */
const BROKER_AWAY_MS = 5_000;
const ANSWERS_WITHIN_MS = 2_000;
const TRIES = 3;

/** Kills, freezes and cuts by a seed, until it is told to stop; then everything is as it was. */
export class FaultInjector {
  readonly done = new Map<Kind, number>();
  /** What did not come back by itself, and why. */
  readonly notRecovered: string[] = [];
  readonly #platform: Platform;
  readonly #draw: Chance;
  readonly #brokersAtOnce: number;
  readonly #recovering = new Set<Promise<void>>();
  readonly #brokersAway = new Set<number>();
  #databaseAway = false;

  /** @param brokersAtOnce how many of the three brokers may be away together. */
  constructor(platform: Platform, seed: number, brokersAtOnce = 1) {
    this.#platform = platform;
    this.#brokersAtOnce = brokersAtOnce;
    this.#draw = chance(seed, 'killer');
  }

  get count(): number {
    return [...this.done.values()].reduce((sum, one) => sum + one, 0);
  }

  /** Does one thing; what it hurt comes back by itself, or is brought back. */
  async injectFault(): Promise<void> {
    const kind = this.#draw.among(kinds) as Kind;
    if (!(await this.#inject(kind))) return;
    this.done.set(kind, (this.done.get(kind) ?? 0) + 1);
  }

  /** Everything runs again. */
  async end(): Promise<void> {
    await Promise.all(this.#recovering);
    const ready = await Promise.allSettled(this.#processes().map((process) => process.whenReady()));
    for (const one of ready)
      if (one.status === 'rejected') this.notRecovered.push((one.reason as Error).message);
  }

  /** @returns false when it would hurt more than the platform is made for: two of three brokers at once. */
  async #inject(kind: Kind): Promise<boolean> {
    switch (kind) {
      case 'service killed':
        return this.#kill(this.#processes());
      case 'service frozen':
        return this.#freeze(this.#draw.pick(this.#processes()));
      case 'relay holder killed':
        return this.#killHolder();
      case 'database connections cut':
        return this.#cut();
      case 'broker killed':
      case 'broker frozen':
        return this.#hurtBroker(kind);
      case 'PostgreSQL crashed':
        return this.#crashDatabase();
    }
  }

  #processes(): SupervisedProcess[] {
    return this.#platform.services.flatMap(({ replicas }) => replicas.map((one) => one.process));
  }

  #recover(work: () => Promise<void>): void {
    const mending: Promise<void> = work()
      .catch((error: Error) => void this.notRecovered.push(error.message))
      .finally(() => this.#recovering.delete(mending));
    this.#recovering.add(mending);
  }

  #kill(some: readonly SupervisedProcess[]): boolean {
    const running = some.filter((process) => process.pid() !== undefined);
    if (running.length === 0) return false;
    void this.#draw.pick(running).kill('SIGKILL');
    return true;
  }

  #freeze(process: SupervisedProcess): boolean {
    const milliseconds = FREEZE_MS.least + this.#draw.next() * (FREEZE_MS.most - FREEZE_MS.least);
    if (process.pid() === undefined) return false;
    process.pause();
    this.#recover(async () => {
      await pause(milliseconds);
      process.resume();
    });
    return true;
  }

  async #killHolder(): Promise<boolean> {
    const service = this.#draw.pick(this.#platform.services);
    const asking = relayHolder(this.#platform.postgres.adminUrl, service).catch(() => undefined);
    const holder = await withinTime(ANSWERS_WITHIN_MS, asking);
    return holder !== undefined && this.#kill([holder.process]);
  }

  /** Nothing where the database itself is away just now. */
  async #cut(): Promise<boolean> {
    const sql = `SELECT pg_terminate_backend(pid) FROM (SELECT pid FROM pg_stat_activity WHERE application_name LIKE '%@%' ORDER BY md5(pid::text || $1) LIMIT 3) AS cut`;
    const cutting = asAdmin(this.#platform.postgres.adminUrl, (admin) =>
      admin.query(sql, [this.#draw.uuid()]),
    );
    const cut = await withinTime(
      ANSWERS_WITHIN_MS,
      cutting.catch(() => undefined),
    );
    return (cut?.rowCount ?? 0) > 0;
  }

  #hurtBroker(kind: Kind): boolean {
    const node = this.#draw.pick(this.#platform.kafka.nodes);
    if (this.#brokersAway.size >= this.#brokersAtOnce || this.#brokersAway.has(node.id))
      return false;
    const away = 1_000 + this.#draw.next() * BROKER_AWAY_MS;
    this.#brokersAway.add(node.id);
    this.#recover(async () => {
      if (kind === 'broker killed') await node.kill();
      else node.pause();
      await pause(away);
      if (kind === 'broker killed') await retryStart(() => node.start());
      else node.resume();
      // the others need a moment to take it in again before the next one may go
      await pause(BROKER_AWAY_MS);
      this.#brokersAway.delete(node.id);
    });
    return true;
  }

  #crashDatabase(): boolean {
    const { faults } = this.#platform.postgres;
    if (!faults || this.#databaseAway) return false;
    this.#databaseAway = true;
    this.#recover(async () => {
      await faults.crash();
      await retryStart(() => faults.start());
      this.#databaseAway = false;
    });
    return true;
  }
}

/** On a busy machine something may take longer to start than its supervisor waits. */
async function retryStart(start: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await start();
    } catch (error) {
      if (tries >= TRIES) throw error;
    }
  }
}
