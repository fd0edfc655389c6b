import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { Parts } from './parts.ts';

function watched() {
  const registry = new Registry();
  let now = 0;
  const parts = new Parts(registry, () => now);
  const pass = (seconds: number): void => {
    now += seconds * 1_000;
  };
  return { parts, pass, registry };
}

it('/parts shows how long ago each part moved, and reports a part as stalled after eight seconds', async () => {
  const { parts, pass, registry } = watched();
  const [relay] = [parts.add('relay'), parts.add('timers')];
  pass(6);
  relay.moved();
  pass(4);
  expect(parts.state()).toEqual({
    relay: { moving: true, lastMovedSeconds: 4 },
    timers: { moving: false, lastMovedSeconds: 10 },
  });
  expect(await registry.metrics()).toContain('opennrm_part_last_moved_seconds{part="timers"} 10');
});

it('a part with several running tasks reports since when the oldest has been running', async () => {
  const { parts, pass } = watched();
  const consumer = parts.add('consumer');
  const stuck = Promise.withResolvers<void>();
  const first = consumer.during(() => stuck.promise);
  pass(9);
  await consumer.during(async () => undefined);
  consumer.moved();
  expect(parts.state().consumer).toEqual({ moving: false, lastMovedSeconds: 9 });
  stuck.resolve();
  await first;
  expect(parts.state().consumer).toEqual({ moving: true, lastMovedSeconds: 0 });
});

it('a failure does not count as a move', async () => {
  const { parts, pass } = watched();
  const timers = parts.add('timers');
  pass(9);
  await timers.during(() => Promise.reject(new Error('away'))).catch(() => undefined);
  expect(parts.state().timers?.moving).toBe(false);
});
