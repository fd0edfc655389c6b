import { randomUUID } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import { ReferralServiceClient } from '@opennrm/contracts/opennrm/referral/v1/service.ts';
import { loadCountryPack } from '@opennrm/country/load';
import { call, connect } from '@opennrm/runtime';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { importDirectory, readHsds } from '../directory/import.ts';
import { deskHoldersOf, inRepository, manifests } from '../local/index.ts';
import { type Composed, composed } from './compose.fixture.ts';

const BUILD_MS = 900_000;
const SOON = { timeout: 60_000, interval: 500 };
const ready = `fetch('http://127.0.0.1:9100/ready').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))`;

let trial: Composed;
const inService = (name: string, script: string) =>
  trial.compose('exec', '-T', name, 'sh', '-c', script);
const whenReady = async (): Promise<void> => {
  for (const { name } of manifests)
    await vi.waitFor(() => trial.compose('exec', '-T', name, 'node', '-e', ready), SOON);
};
const count = async (database: string, table: string): Promise<number> =>
  Number(
    await trial.compose(
      'exec',
      '-T',
      'postgres',
      'psql',
      '-U',
      'postgres',
      '-d',
      database,
      '-tAc',
      `SELECT count(*) FROM ${table}`,
    ),
  );

beforeAll(async () => {
  trial = await composed();
  await trial.compose('build');
  await trial.compose('up', '--detach');
  await whenReady();
}, BUILD_MS);
afterAll(() => trial?.remove(), 120_000);

describe('a service in its container', () => {
  it('runs as an account without rights, on a root file system and a country pack that it cannot write', async () => {
    for (const { name } of manifests) {
      expect((await inService(name, 'id -u')).trim()).toBe('1000');
      for (const path of ['/app/written', '/tmp/written', '/country/written'])
        await expect(inService(name, `touch ${path}`)).rejects.toThrow(/[Rr]ead-only/);
    }
  });

  it('carries no test, no testkit and no infra, and knows no password but its own', async () => {
    for (const { name } of manifests) {
      const tests = await inService(
        name,
        `find /app/services /app/packages -name '*.spec.ts'; ls /app/node_modules/@opennrm`,
      );
      expect(tests).not.toMatch(/spec\.ts|testkit|infra/);
      expect((await inService(name, 'env')).match(/PASSWORD|postgres:\/\/postgres/)).toBeNull();
    }
  });

  it('refuses a token that no known key has signed', async () => {
    const client = connect(ReferralServiceClient, '127.0.0.1:15051');
    const refused = call(
      client,
      'getReferral',
      { referralId: randomUUID() },
      { token: 'made.up.token' },
    );
    await expect(refused).rejects.toMatchObject({ code: status.UNAUTHENTICATED });
    client.close();
  });
});

describe('the whole platform in containers', () => {
  it('takes the sample directory by the public calls, and its beds reach the referral service over Kafka', async () => {
    const { accreditor = '' } = deskHoldersOf(
      await loadCountryPack(inRepository('infra/countries/sample')),
    );
    const { sites } = await importDirectory(
      await readHsds(inRepository('infra/countries/sample/directory.hsds.json')),
      {
        referralAddress: '127.0.0.1:15051',
        shelterAddress: '127.0.0.1:15052',
        token: (organisation, role) =>
          trial.issuer.token({ person: randomUUID(), organisation, role }),
        accredit: { organisation: accreditor, until: '2099-12-31' },
        progress: () => undefined,
      },
    );
    expect(sites).toBeGreaterThan(0);
    await vi.waitFor(
      async () => expect(await count('opennrm_referral', 'capacity_hint')).toBeGreaterThan(0),
      SOON,
    );
  }, 120_000);

  it('keeps all data over a restart, and can be prepared again', async () => {
    const before = await count('opennrm_referral', 'service');
    await trial.compose('rm', '--stop', '--force', '-v'); // -v: the images' nameless volumes, not ours
    await trial.compose('up', '--detach');
    await whenReady();
    expect(await count('opennrm_referral', 'service')).toBe(before);
  }, 180_000);
});
