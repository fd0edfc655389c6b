import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileClock } from '@opennrm/runtime';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createClockDriver } from './clock-driver.ts';

const MIDNIGHT = Date.UTC(2030, 0, 1);
const HOUR = 3_600_000;

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'opennrm-clock-'));
});
afterEach(() => rm(directory, { recursive: true }));

const clockFile = (): string => join(directory, 'clock.json');

it('a driven clock does not move at rate 0, and a service reads the same instant', () => {
  const driver = createClockDriver(clockFile(), { business: MIDNIGHT, rate: 0 });
  expect(driver.now()).toBe(MIDNIGHT);
  expect(fileClock(driver.path).now()).toBe(MIDNIGHT);
});

it('a running service reads the new time as soon as a jump of the driven clock resolves', async () => {
  const driver = createClockDriver(clockFile(), { business: MIDNIGHT, rate: 0 });
  const service = fileClock(driver.path);
  service.now();
  await driver.advance(HOUR);
  expect([driver.now(), service.now()]).toEqual([MIDNIGHT + HOUR, MIDNIGHT + HOUR]);
});

it('a driven clock runs at its rate, and a service reads the same time', async () => {
  const driver = createClockDriver(clockFile(), { business: MIDNIGHT, rate: 0 });
  const service = fileClock(driver.path);
  service.now();
  await driver.setRate(3_600);
  const [before, read, after] = [driver.now(), service.now(), driver.now()];
  expect(read).toBeGreaterThanOrEqual(before);
  expect(read).toBeLessThanOrEqual(after);
});

it('a driven clock makes every jump when several are requested at the same time', async () => {
  const driver = createClockDriver(clockFile(), { business: MIDNIGHT, rate: 0 });
  await Promise.all([driver.advance(HOUR), driver.advance(HOUR), driver.setRate(0)]);
  expect(driver.now()).toBe(MIDNIGHT + 2 * HOUR);
});

it('a driven clock refuses to go back', async () => {
  const driver = createClockDriver(clockFile(), { business: MIDNIGHT, rate: 1 });
  await expect(driver.advance(-1)).rejects.toThrow('milliseconds');
  await expect(driver.setRate(-1)).rejects.toThrow('rate');
  expect(driver.segments()).toHaveLength(1);
});
