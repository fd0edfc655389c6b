import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  asAdmin,
  dropDatabase,
  manifests,
  type Platform,
  type PlatformOptions,
  startPlatform,
} from '@opennrm/infra/local';
import pg from 'pg';
import type { Target } from '../load/job.ts';
import { type Pids, servicePids } from '../measure/processes.ts';
import type { BenchServers, PrintLine } from '../servers.ts';
import { type BenchCountry, benchPack } from './pack.ts';
import type { Shelters } from './shelters.ts';

/** The platform as in production, and the organisations that send it referrals. */
export interface ReferralPlatform {
  readonly platform: Platform;
  readonly places: BenchCountry;
  readonly responders: readonly string[];
  readonly pids: Pids;
  stop(): Promise<void>;
}

/** A realistic number of organisations sends requests: each may send 500 calls a second. */
const RESPONDERS = 8;
export const SHELTERS = 75;
const LIFETIME_SECONDS = 6 * 3_600;

/** Starts the services on the servers of this run, with empty databases, so that no data of another part is counted. */
export async function startReferralPlatform(
  servers: BenchServers,
  printLine: PrintLine,
  environment?: PlatformOptions['environment'],
): Promise<ReferralPlatform> {
  const scratch = await mkdtemp(join(tmpdir(), 'opennrm-bench-'));
  try {
    const places = await benchPack(scratch);
    await asAdmin(servers.postgres.adminUrl, async (admin) => {
      for (const { name } of manifests)
        await dropDatabase(admin, `opennrm_${name.replaceAll('-', '_')}`);
    });
    const own = environment ? { environment } : {};
    const platform = await startPlatform({
      countryPack: places.folder,
      progress: printLine,
      ...own,
    });
    const responders = await Promise.all(
      Array.from({ length: RESPONDERS }, () => tokenOf(platform, randomUUID(), 'responder')),
    );
    const stop = async (): Promise<void> => {
      await platform.stop();
      await rm(scratch, { recursive: true, force: true });
    };
    return {
      platform,
      places,
      responders,
      pids: { ...servicePids(platform), ...servers.pids },
      stop,
    };
  } catch (error) {
    await rm(scratch, { recursive: true, force: true });
    throw error;
  }
}

export const tokenOf = (
  { issuer }: Platform,
  organisation: string,
  role: string,
): Promise<string> =>
  issuer.token({ organisation, role, person: randomUUID(), lifetimeSeconds: LIFETIME_SECONDS });

/** Where the load is sent, and where its offers and confirmations are read. */
export const targetOf = (
  { platform, responders }: ReferralPlatform,
  { testShelters }: Shelters,
): Target => ({
  kind: 'platform',
  address: platform.service('referral').grpcAddress,
  responders,
  testShelters,
  databaseUrl: platform.service('referral').ownerUrl,
  offersSql: `SELECT referral_id AS id, offer_id AS offer, organisation_id AS organisation FROM offer
              WHERE referral_id = ANY ($1::uuid[]) AND open`,
  confirmedSql: `SELECT id FROM referral WHERE id = ANY ($1::uuid[]) AND stage = 'awaiting-person'`,
});

const KNOWN_WITHIN_MS = 30_000;

/** The first capacity of a shelter is announced by an event like any other. */
export async function untilKnown(
  { platform }: ReferralPlatform,
  { serviceIds }: Shelters,
): Promise<void> {
  const known =
    'SELECT count(*)::int AS count FROM capacity_hint WHERE service_id = ANY ($1::uuid[])';
  await untilRow(
    platform.service('referral').ownerUrl,
    known,
    [serviceIds],
    (count) => count === serviceIds.length,
  );
}

/** Waits until the `count` of a query has the expected value. @throws Error when it has not in time. */
export async function untilRow(
  databaseUrl: string,
  text: string,
  values: readonly unknown[],
  done: (count: number) => boolean,
  withinMs: number = KNOWN_WITHIN_MS,
): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    for (const until = Date.now() + withinMs; ; ) {
      const { rows } = await client.query<{ count: number }>(text, [...values]);
      const count = rows[0]?.count ?? 0;
      if (done(count)) return;
      if (Date.now() > until)
        throw new Error(`waited ${withinMs} ms in vain for: ${text} (last ${count})`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  } finally {
    await client.end();
  }
}
