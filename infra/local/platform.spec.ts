import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type Platform, startPlatform } from './platform.ts';
import { answersOk } from './process/ready.ts';
import { isAlive } from './process/state.fixture.ts';
import { inRepository } from './repository.ts';

const NOON = Date.UTC(2030, 0, 1, 12);

let platform: Platform;
beforeAll(async () => {
  platform = await startPlatform({
    countryPack: inRepository('infra/countries/sample'),
    durable: false,
    only: 'embedded',
    clock: { business: NOON, rate: 0 },
    progress: () => undefined,
  });
}, 120_000);
afterAll(() => platform?.stop());

it('answers ready for every service', async () => {
  for (const { healthUrl } of platform.services)
    expect(await answersOk(`${healthUrl}/ready`)).toBe(true);
});

it('starts a killed service again at the same addresses', async () => {
  const { process: service, healthUrl } = platform.service('identification-intake');
  const first = service.pid();
  await service.kill();
  await vi.waitFor(async () => expect(await answersOk(`${healthUrl}/live`)).toBe(true), {
    timeout: 60_000,
  });
  expect(service.pid()).not.toBe(first);
  expect(service.restarts()).toBe(1);
});

it('leaves nothing running when it is stopped, and can be stopped twice', async () => {
  const pids = [
    ...platform.services.map((service) => service.process.pid()),
    platform.kafka.nodes[0]?.pid(),
  ];
  await platform.stop();
  for (const pid of pids) expect(await isAlive(pid ?? 0)).toBe(false);
  await platform.stop();
});
