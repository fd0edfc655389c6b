import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { deploymentFiles, withRegions } from '../deployment/regions.ts';
import { asAdmin } from './database/provision.ts';
import { type FoundService, projectionsOf, readManifests } from './manifests.ts';
import { type Platform, startPlatform } from './platform.ts';
import { writePlatformFile } from './platform-file.ts';
import { answersOk } from './process/ready.ts';
import { scratchDirectory } from './reaper/scratch.ts';
import { inRepository } from './repository.ts';

/*
 * To add a service, only its folder is needed: all code that handles services finds it by its manifest. The service of this spec only answers its
 * health checks.
 */
const MANIFEST = `export default {
  name: 'field-clinic',
  ports: { grpc: 15_070, health: 9_120 },
  keys: { setting: 'CLINIC_KEYS', volume: 'clinic-keys', file: 'clinic.key' },
  projections: {
    'opennrm.referral.field-clinic.v1': [{ table: 'appointment', empty: 'DELETE FROM appointment' }],
  },
};
`;
const MAIN = `import { createServer } from 'node:http';
createServer((_request, response) => response.end(process.env.CLINIC_KEYS)).listen(Number(process.env.HEALTH_PORT), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
`;
const MIGRATION =
  '-- Up Migration\nCREATE TABLE appointment (id uuid PRIMARY KEY);\nGRANT SELECT ON appointment TO field_clinic_service;\n';

let scratch: Awaited<ReturnType<typeof scratchDirectory>>;
let services: FoundService[];
let platform: Platform | undefined;
beforeAll(async () => {
  scratch = await scratchDirectory('added-service');
  const folder = join(scratch.path, 'field-clinic');
  await mkdir(join(folder, 'src'), { recursive: true });
  await mkdir(join(folder, 'migrations'));
  await writeFile(join(folder, 'service.ts'), MANIFEST);
  await writeFile(join(folder, 'src/main.ts'), MAIN);
  await writeFile(join(folder, 'migrations/0001_clinic.sql'), MIGRATION);
  services = await readManifests(scratch.path);
  platform = await startPlatform({
    countryPack: inRepository('infra/countries/sample'),
    durable: false,
    only: 'embedded',
    services,
    progress: () => undefined,
  });
});
afterAll(async () => {
  await platform?.stop();
  await scratch.remove();
});

const running = (): Platform => {
  if (!platform) throw new Error('the platform did not start');
  return platform;
};

it('an added service runs on the local platform, with its migrated database and the path of its keys', async () => {
  const { healthUrl, ownerUrl } = running().service('field-clinic');
  expect(running().services.map(({ name }) => name)).toEqual(['field-clinic']);
  expect(await answersOk(`${healthUrl}/ready`)).toBe(true);
  expect(await (await fetch(`${healthUrl}/ready`)).text()).toMatch(/clinic-keys.clinic\.key$/);
  const { rows } = await asAdmin(ownerUrl, (owner) => owner.query('SELECT id FROM appointment'));
  expect(rows).toEqual([]);
});

it('an added service is in the platform file that `npm run ops` reads', async () => {
  const file = join(scratch.path, 'platform.json');
  await writePlatformFile(running(), file);
  expect(Object.keys(JSON.parse(await readFile(file, 'utf8')).services)).toEqual(['field-clinic']);
  expect([...projectionsOf(services)]).toEqual([
    [
      'opennrm.referral.field-clinic.v1',
      [{ table: 'appointment', empty: 'DELETE FROM appointment' }],
    ],
  ]);
});

it('an added service is in every deployment file: image, ports, password, keys and the targets of Prometheus', async () => {
  const texts = await Promise.all(
    deploymentFiles.map(async (file) =>
      withRegions(await readFile(inRepository(file), 'utf8'), services),
    ),
  );
  expect(texts.filter((text) => !/field-clinic|FIELD_CLINIC/.test(text))).toEqual([]);
  const [compose = '', trial, secrets, prometheus] = texts;
  for (const part of [
    'image: opennrm/field-clinic',
    'args: { SERVICE: field-clinic }',
    '"127.0.0.1:15070:50051"',
    `FIELD_CLINIC_PASSWORD: \${FIELD_CLINIC_PASSWORD:?run infra/docker/new-secrets.sh}`,
    'CLINIC_KEYS: /keys/clinic.key',
    '"clinic-keys:/keys"',
    '\n  clinic-keys:\n',
  ])
    expect(compose).toContain(part);
  expect(trial).toContain('field-clinic: *trial');
  expect(secrets).toContain("services='FIELD_CLINIC'");
  expect(prometheus).toContain('- field-clinic:9100');
});

it('a service that does not exist is refused by name', () => {
  expect(() => running().service('referral')).toThrow(
    'There is no service "referral"; there are field-clinic.',
  );
});
