import type { Measured } from '../load/run.ts';
import { latencyOf } from '../measure/latency.ts';

/** A load of sixty seconds as the specs of the report need it. */
export const loadOf = (name: string, different: Partial<Measured> = {}): Measured => ({
  name,
  pace: { kind: 'flood', inFlight: 150 },
  seconds: 60,
  begun: 3_000,
  unfinished: 0,
  failures: {},
  carried: true,
  perSecond: 100,
  offered: latencyOf([40]),
  confirmed: latencyOf([40]),
  cpuPerThousand: { referral: 6, postgresql: 4 },
  deadlocks: 0,
  othersCores: 0,
  generator: { cpuSeconds: 1, late99: 2 },
  ...different,
});
