import { setTimeout as pause } from 'node:timers/promises';
import { inRepository, startPlatform } from '@opennrm/infra/local';
import {
  cpuSeconds,
  kafkaPids,
  postmasterOf,
  residentMiB,
  servicePids,
} from '../measure/processes.ts';
import type { Measurements } from '../report/findings.ts';
import type { PrintLine } from '../servers.ts';

const IDLE_MS = 10_000;

/** Start of a whole platform: new servers, schemas, topics and every service. Then what it uses while there are no calls. */
export async function measureStart(
  measurements: Measurements,
  printLine: PrintLine,
): Promise<void> {
  const began = performance.now();
  const platform = await startPlatform({
    countryPack: inRepository('infra/countries/sample'),
    only: 'embedded',
    durable: true,
    progress: printLine,
  });
  try {
    const seconds = (performance.now() - began) / 1_000;
    const pids = {
      ...servicePids(platform),
      postgresql: await postmasterOf(platform.postgres),
      kafka: kafkaPids(platform.kafka),
    };
    const before = cpuSeconds(pids);
    await pause(IDLE_MS);
    const after = cpuSeconds(pids);
    const coresOf = (name: string): number =>
      ((after[name] ?? 0) - (before[name] ?? 0)) / (IDLE_MS / 1_000);
    const used = sum(after) - sum(before);
    const memory = residentMiB(pids);
    measurements.add({
      part: 'start',
      what: 'cold start',
      value: seconds,
      unit: 's',
      aim: { side: 'at most', limit: 15 },
    });
    measurements.add({
      part: 'start',
      what: 'memory without load, all processes',
      value: sum(memory),
      unit: 'MiB',
      aim: { side: 'at most', limit: 2_048 },
    });
    for (const [name, value] of Object.entries(memory))
      measurements.add({ part: 'start', what: `memory of ${name}`, value, unit: 'MiB' });
    measurements.add({
      part: 'start',
      what: 'processor without load',
      value: used / (IDLE_MS / 1_000),
      unit: 'cores',
      aim: { side: 'at most', limit: 0.12 },
    });
    for (const name of Object.keys(pids))
      measurements.add({
        part: 'start',
        what: `processor without load of ${name}`,
        value: coresOf(name),
        unit: 'cores',
      });
    printLine(`cold start ${seconds.toFixed(1)} s, ${sum(memory)} MiB without load`);
  } finally {
    await platform.stop();
  }
}

const sum = (values: Readonly<Record<string, number>>): number =>
  Object.values(values).reduce((a, b) => a + b, 0);
