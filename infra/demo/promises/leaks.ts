import { readFile } from 'node:fs/promises';
import type { Finding } from '@opennrm/infra/promises';
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
  for (const [name, service] of Object.entries(services)) {
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
    { statement: 'no two services share a case reference', violations: sharedReferences(dumps) },
  ];
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/g;

/** The vault has the map; of the others, `referral`'s and `identification-intake`'s case references must appear nowhere else. */
function sharedReferences(dumps: ReadonlyMap<string, string>): string[] {
  const referencesIn = (name: string, column: string): Set<string> =>
    new Set(
      [
        ...(dumps.get(name) ?? '').matchAll(new RegExp(`"${column}": ?"(${UUID.source})"`, 'g')),
      ].map((match) => match[1] ?? ''),
    );
  const own = new Map([
    ['referral', referencesIn('referral', 'case_reference')],
    ['identification-intake', referencesIn('identification-intake', 'case_reference')],
  ]);
  return [...own].flatMap(([owner, references]) =>
    [...dumps]
      .filter(([name]) => name !== owner && name !== 'case-vault')
      .filter(([, dump]) => [...dump.matchAll(UUID)].some(([id]) => references.has(id)))
      .map(([name]) => `a case reference of ${owner} is known to ${name}`),
  );
}
