import { randomUUID } from 'node:crypto';
import { call } from '@opennrm/runtime';
import pg from 'pg';
import { latencyOf } from '../measure/latency.ts';
import { openCase, type SamplePlatform, startSamplePlatform } from '../platform/sample-platform.ts';
import type { Bench } from './part.ts';

const MANY = 50;
const DAY_MS = 86_400_000;
const EXPLAINED = ['who-receives', 'what-for', 'may-be-withdrawn', 'denial-costs-nothing'];

/**
 * A read of a file in the vault through the public call: it checks relation, information barrier and legal basis, and writes the log.
 * Measured with 1 and 50 permissions, and with the rows alone.
 */
export async function measureConsent({
  options,
  servers,
  measurements,
  printLine,
}: Bench): Promise<void> {
  const reads = options.quick ? 300 : 2_000;
  const samplePlatform = await startSamplePlatform(servers, printLine);
  try {
    const [one, many] = [
      await readings(samplePlatform, 1, reads),
      await readings(samplePlatform, MANY, reads),
    ];
    const bare = await bareReads(samplePlatform.platform.service('case-vault').ownerUrl, reads);
    const add = (what: string, { p50, p99 }: { p50: number; p99: number }): void => {
      measurements.add({ part: 'consent', what: `${what}, p50`, value: p50, unit: 'ms' });
      measurements.add({ part: 'consent', what: `${what}, p99`, value: p99, unit: 'ms' });
    };
    add('a reading with 1 permission', one);
    add(`a reading with ${MANY} permissions`, many);
    add('its rows alone, one transaction', bare);
    measurements.add({
      part: 'consent',
      what: `${MANY} permissions / 1`,
      value: many.p50 / one.p50,
      unit: '×',
    });
    measurements.add({
      part: 'consent',
      what: 'a reading / its rows alone',
      value: one.p50 / bare.p50,
      unit: '×',
    });
    printLine(
      `consent: 1 permission p50 ${one.p50} ms, ${MANY} p50 ${many.p50} p99 ${many.p99} ms; bare p50 ${bare.p50} ms`,
    );
  } finally {
    await samplePlatform.stop();
  }
}

/** A reader who is named only in the last permission reads repeatedly. */
async function readings(samplePlatform: SamplePlatform, permissions: number, reads: number) {
  const [owner, reader] = [randomUUID(), randomUUID()];
  const { caseId } = await openCase(samplePlatform, owner, ['referral']);
  // The vault knows an organisation that has a case of its own.
  const others = Array.from({ length: permissions - 1 }, () => randomUUID());
  for (const one of [...others, reader]) await openCase(samplePlatform, one, ['referral']);
  const token = await samplePlatform.token(owner, 'responder');
  await call(
    samplePlatform.vault,
    'writeSection',
    { caseId, section: 'health', content: 'Synthetic', corrects: '' },
    { token },
  );
  for (const organisation of [...others, reader])
    await call(
      samplePlatform.vault,
      'grantPermission',
      permissionFor(samplePlatform, caseId, organisation),
      { token },
    );
  const own = await samplePlatform.token(reader, 'responder');
  const wish = {
    caseId,
    holdId: '',
    personId: '',
    person: 0,
    section: 'health',
    purpose: 'health-care',
    version: 0,
  };
  const took: number[] = [];
  for (let nth = 0; nth < reads; nth++) {
    const began = performance.now();
    await call(samplePlatform.vault, 'readSection', wish, { token: own });
    took.push(performance.now() - began);
  }
  return latencyOf(took.slice(Math.floor(reads / 10)));
}

function permissionFor(samplePlatform: SamplePlatform, caseId: string, organisation: string) {
  return {
    caseId,
    permissionId: randomUUID(),
    purpose: 'health-care',
    sections: ['health'],
    receivers: {
      excludedRegions: [],
      excludedOrganisationIds: [],
      organisationIds: [organisation],
      serviceClasses: [],
    },
    validFrom: new Date(samplePlatform.now() - DAY_MS),
    validUntil: new Date(samplePlatform.now() + 30 * DAY_MS),
    form: 'spoken',
    language: 'en',
    interpreter: false,
    interpreterId: '',
    witnessId: '',
    explained: EXPLAINED,
    guardianId: '',
    childView: '',
    givenAt: undefined,
    afterPermissionId: '',
    renewsPermissionId: '',
  };
}

/** The minimum of a logged read: the row of the file, the sealed text, a journal row and a log row, durably. */
async function bareReads(ownerUrl: string, reads: number) {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  const { rows } = await client.query<{ id: string }>(
    'SELECT case_id AS id FROM sealed_section ORDER BY at DESC LIMIT 1',
  );
  const id = rows[0]?.id;
  const took: number[] = [];
  for (let nth = 0; nth < reads; nth++) {
    const began = performance.now();
    await client.query('BEGIN');
    await client.query({
      name: 'file',
      text: 'SELECT state FROM case_file WHERE id = $1 FOR UPDATE',
      values: [id],
    });
    await client.query({
      name: 'words',
      text: 'SELECT sealed FROM sealed_section WHERE case_id = $1',
      values: [id],
    });
    await client.query({
      name: 'journal',
      text: `INSERT INTO journal (id, aggregate, aggregate_id, version, at, author_organisation, author_role, type, data)
             VALUES ($1, 'bench', $2, 1, 0, $2, 'bench', 'SectionRead', '{"section": "health", "version": 1, "purpose": "health-care"}')`,
      values: [randomUUID(), id],
    });
    await client.query({
      name: 'log',
      text: `INSERT INTO disclosure (id, at, by_service, case_id, organisation_id, content, purpose, basis) VALUES ($1, 0, 'bench', $2, $2, 'health', 'health-care', 'bench')`,
      values: [randomUUID(), id],
    });
    await client.query('COMMIT');
    took.push(performance.now() - began);
  }
  await client.end();
  return latencyOf(took.slice(Math.floor(reads / 10)));
}
