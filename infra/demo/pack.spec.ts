import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadCountryPack } from '@opennrm/country/load';
import { hours } from '@opennrm/runtime/decision';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { demoPack } from './pack.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opennrm-demo-pack-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('in the country pack of the demo the deadlines that wait for another service are longer', async () => {
  const { deadlines, consent } = await loadCountryPack(await demoPack(folder));
  const { holdingMs, confirmingMs, waitingForBasisMs } = deadlines;
  expect({ holdingMs, confirmingMs, waitingForBasisMs }).toEqual({
    holdingMs: hours(2),
    confirmingMs: hours(2),
    waitingForBasisMs: hours(6),
  });
  expect(consent.acknowledgedWithinMs).toBe(hours(2));
});
