import { Urgency } from '@opennrm/contracts/opennrm/referral/v1/request.ts';
import { manifests } from '@opennrm/infra/local';
import { expect, it } from 'vitest';
import { everyRecord } from '../../infra/demo/promises/topics.ts';
import { request } from './person.ts';
import { rows } from './state.ts';
import type { World } from './world.ts';

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

export function noSharedCaseReference(world: () => World): void {
  it('a case reference of one service is in no database of another service except the vault, and on no topic of other services', async () => {
    for (let nth = 0; nth < 11; nth++)
      await request(world(), { urgency: Urgency.PLANNED, basis: '' });
    const found: string[] = [];
    let owned = 0;
    for (const { name: owner, caseReferences } of manifests) {
      if (caseReferences === undefined) continue;
      const ids = await references(world(), owner, caseReferences);
      owned += ids.size;
      for (const { name, mapsReferences } of manifests) {
        // Only the vault maps references, so it knows all of them.
        if (name === owner || mapsReferences) continue;
        if ([...(await uuidsIn(world(), name))].some((id) => ids.has(id)))
          found.push(`${name} knows a case reference of ${owner}`);
      }
      for (const { topic, text } of await everyRecord(world().platform.kafka.brokers)) {
        if (topic.includes(owner)) continue;
        if ([...text.matchAll(UUID)].some(([id]) => ids.has(id)))
          found.push(`topic ${topic} carries a case reference of ${owner}`);
      }
    }
    expect(owned).toBeGreaterThan(10);
    expect([...new Set(found)]).toEqual([]);
  });

  it('a case id of the vault is in no database of another service', async () => {
    const ids = await references(world(), 'case-vault', 'SELECT id FROM case_file');
    for (const { name } of manifests.filter((one) => !one.mapsReferences))
      expect([...(await uuidsIn(world(), name))].filter((id) => ids.has(id))).toEqual([]);
  });
}

async function references(world: World, service: string, sql: string): Promise<Set<string>> {
  return new Set((await rows<{ id: string }>(world, service, sql)).map(({ id }) => id));
}

/** Every UUID in any row of any table of a service; message bytes are read as text. */
async function uuidsIn(world: World, service: string): Promise<Set<string>> {
  const tables = await rows<{ name: string }>(
    world,
    service,
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`,
  );
  const found = new Set<string>();
  for (const { name } of tables) {
    for (const { row } of await rows<{ row: string }>(
      world,
      service,
      `SELECT to_jsonb(t)::text AS row FROM "${name}" t`,
    )) {
      for (const [id] of row.matchAll(UUID)) found.add(id);
      const bytes = /"value": "\\\\x([0-9a-f]+)"/.exec(row)?.[1];
      for (const [id] of Buffer.from(bytes ?? '', 'hex')
        .toString('latin1')
        .matchAll(UUID))
        found.add(id);
    }
  }
  return found;
}
