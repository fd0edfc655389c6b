import { readFile } from 'node:fs/promises';
import { manifests } from '@opennrm/infra/local';
import type { Finding } from '@opennrm/infra/promises';
import { rowsOf } from '../rows.ts';
import type { Simulation } from '../simulation.ts';
import { RARE_WORD } from '../synthetic-file.ts';
import { dumpOf } from './dump.ts';
import { everyRecord } from './topics.ts';

/** Promise 4: no word of a person outside the vault, none in the clear inside it; no two services share a case reference. */
export async function findLeaks(simulation: Simulation): Promise<Finding[]> {
  const { services, kafka } = simulation.platform;
  const word = new RegExp(
    `${RARE_WORD}|${Buffer.from(RARE_WORD).toString('hex')}|${Buffer.from(RARE_WORD).toString('base64').slice(0, 8)}`,
    'i',
  );
  const address = /Synthetic Lane|Testville/;
  const found: string[] = [];
  const dumps = new Map<string, string>();
  for (const service of services) {
    const { name } = service;
    const dump = await dumpOf(service);
    dumps.set(name, dump);
    if (word.test(dump) || address.test(dump)) found.push(`database of ${name}`);
    const log = await readFile(service.process.logFile, 'utf8');
    if (word.test(log) || address.test(log)) found.push(`log of ${name}`);
    const metrics = await (await fetch(`${service.healthUrl}/metrics`)).text();
    if (word.test(metrics)) found.push(`metrics of ${name}`);
  }
  const records = await everyRecord(kafka.brokers);
  for (const { topic, text } of records)
    if (word.test(text) || address.test(text)) found.push(`topic ${topic}`);
  return [
    {
      statement: `no made-up word and no address is in ${dumps.size} databases, their logs and metrics, nor in ${records.length} messages`,
      violations: [...new Set(found)],
    },
    {
      statement: 'no two services share a case reference',
      violations: await sharedReferences(simulation, dumps),
    },
  ];
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/g;

/** The vault holds the map between references. Of the other services none may know a case reference that another one owns. */
async function sharedReferences(
  { platform }: Simulation,
  dumps: ReadonlyMap<string, string>,
): Promise<string[]> {
  const found: string[] = [];
  for (const { name: owner, caseReferences } of manifests) {
    if (caseReferences === undefined) continue;
    const rows = await rowsOf<{ id: string }>(platform.service(owner), caseReferences);
    const references = new Set(rows.map(({ id }) => id));
    for (const { name, mapsReferences } of manifests) {
      if (name === owner || mapsReferences) continue;
      if ([...(dumps.get(name) ?? '').matchAll(UUID)].some(([id]) => references.has(id)))
        found.push(`a case reference of ${owner} is known to ${name}`);
    }
  }
  return found;
}
