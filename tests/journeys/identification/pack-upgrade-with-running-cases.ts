import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadCountryPack } from '@opennrm/country/load';
import { call, refusalOf } from '@opennrm/runtime';
import { expect, it } from 'vitest';
import { type Country, clockOf, referred, standing } from './country.ts';

export function packUpgradeWithRunningCases(country: () => Country): void {
  it('moves no clock that runs, until somebody decides so and says why', async () => {
    const { world, pack, client, folder, authority } = country();
    const step = pack.identification.steps[0]?.code ?? '';
    const before = await referred(country());
    const due = clockOf(await standing(country(), before), step)?.due;
    await makeLonger(folder);
    const { process } = world.platform.services['identification-intake'];
    await process.kill('SIGKILL');
    await process.whenReady();
    const newer = (await loadCountryPack(folder)).id;
    expect(newer).not.toBe(pack.id);
    const after = await referred(country());
    expect(await standing(country(), after)).toMatchObject({ ruleVersion: newer });
    const kept = await standing(country(), before);
    expect(kept.ruleVersion).toBe(pack.id);
    expect(clockOf(kept, step)?.due).toEqual(due);
    const officer = await authority.as('competent-authority');
    const adopting = { processId: before.processId, ground: 'law-changed' };
    const { standing: adopted } = await call(client, 'adoptRules', adopting, officer);
    expect(adopted?.ruleVersion).toBe(newer);
    const twice = call(client, 'adoptRules', { ...adopting }, officer);
    expect(await twice.then(() => 'accepted', refusalOf)).toBe('not-newer');
  });
}

/** A newer law: every day of the next fortnight is a holiday. */
async function makeLonger(folder: string): Promise<void> {
  const file = join(folder, 'calendars.json');
  const content = JSON.parse(await readFile(file, 'utf8')) as {
    calendars: { authority: { holidays: Record<string, string[]> } };
  };
  const days = Array.from({ length: 14 }, (_, nth) => `2026-09-${String(nth + 1).padStart(2, '0')}`);
  content.calendars.authority.holidays['2026']?.push(...days);
  await writeFile(file, JSON.stringify(content));
  const country = JSON.parse(await readFile(join(folder, 'country.json'), 'utf8')) as { version: string };
  await writeFile(join(folder, 'country.json'), JSON.stringify({ ...country, version: '2026.2' }));
}
