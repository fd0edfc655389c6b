import { randomUUID } from 'node:crypto';
import { topics } from '@opennrm/contracts/topics';
import { withDatabase } from '@opennrm/infra/local';
import { testBrokers } from '@opennrm/testkit';
import { afterEach, expect, inject, it } from 'vitest';
import { lineSystem } from '../load/line-client.ts';
import type { SeenOffer } from '../load/system.ts';
import { rowsOf } from '../rows.ts';
import { type OwnServers, type OwnSystem, startBare } from './bare.ts';
import { startSetBased } from './set-based/start.ts';
import type { Shape, Step } from './shape.ts';

const toShelter = topics.referralForShelterCapacity.name;
const toVault = topics.referralForCaseVault.name;
const toReferral = topics.shelterCapacityForReferral.name;

type Message = readonly [topic: string, type: string, owner: Step['messages'][number]['owner']];

const step = (event: string, ...messages: readonly Message[]): Step => ({
  events: [{ type: event, data: JSON.stringify({ type: event }) }],
  messages: messages.map(([topic, type, owner]) => ({ topic, type, owner, value: 'c3ludGhldGlj' })),
});

/** Each kind of row and message that a referral of the platform writes, with little in it. */
const shape: Shape = {
  request: step('ReferralRequested', [toShelter, 'HoldRequested', 'hold']),
  hold: step('BedHeld', [toReferral, 'UnitHeld', 'hold'], [toReferral, 'CapacityChanged', 'service']),
  held: step('OfferMade', [toVault, 'OfferMade', 'referral']),
  accept: step('OfferAccepted', [toShelter, 'ConfirmRequested', 'hold']),
  confirm: step('BedConfirmed', [toReferral, 'UnitConfirmed', 'hold']),
  confirmed: step('BedConfirmed'),
  referralState: '{}',
  offerView: '{}',
  providerState: '{}',
};

const servers: OwnServers = {
  postgres: { adminUrl: inject('postgresAdminUrl') },
  kafka: { brokers: testBrokers() },
  pids: {},
};
const WITHIN = { timeout: 60_000, interval: 50 };

let system: OwnSystem | undefined;
afterEach(() => system?.stop());

/** Requests one referral, accepts its offer, and waits until it is confirmed. */
async function confirmOne({ target }: OwnSystem): Promise<void> {
  if (target.kind !== 'lines') throw new Error('the system takes no calls by line');
  const id = randomUUID();
  const calls = await lineSystem(target.port);
  await calls.request(id, 0);
  const offers = () => rowsOf<{ id: string; offer: string }>(target.databaseUrl, target.offersSql, [[id]]);
  await expect.poll(offers, WITHIN).toHaveLength(1);
  const [offer] = await offers();
  await calls.accept(offer as SeenOffer);
  const confirmed = () => rowsOf(target.databaseUrl, target.confirmedSql, [[id]]);
  await expect.poll(confirmed, WITHIN).toEqual([{ id }]);
  calls.close();
}

const countOf = async (database: string, table: string): Promise<number> => {
  const url = withDatabase(inject('postgresAdminUrl'), database);
  const [row] = await rowsOf<{ count: number }>(url, `SELECT count(*)::int AS count FROM ${table}`);
  return row?.count ?? 0;
};

it('the bare pipeline confirms a referral on its own tables and records what the vault and the hint receive', async () => {
  system = await startBare(servers, shape);
  await confirmOne(system);
  await expect.poll(() => countOf('bare_case_vault', 'disclosure'), WITHIN).toBe(1);
  await expect.poll(() => countOf('bare_referral', 'capacity_hint'), WITHIN).toBe(1);
});

it('the set-based pipeline confirms a referral on its own tables', async () => {
  system = await startSetBased(servers);
  await confirmOne(system);
});
