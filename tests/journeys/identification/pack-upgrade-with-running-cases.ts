import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { localDateOf, plusDays } from '@opennrm/country';
import { loadCountryPack } from '@opennrm/country/load';
import { call, refusalOf } from '@opennrm/runtime';
import { hours, instant } from '@opennrm/runtime/decision';
import { expect, it } from 'vitest';
import { deadlineOf, referCase, statusOf } from './cases.ts';
import type { TestCountry } from './country.ts';

const FORTNIGHT = 14;
const WEEK_MS = hours(7 * 24);

export function packUpgradeWithRunningCases(country: () => TestCountry): void {
  it('moves no running deadline until an officer decides so with a reason', async () => {
    const { world, pack, client, folder, authority } = country();
    const step = pack.identification.steps[0]?.code ?? '';
    const before = await referCase(country());
    const due = dueOf(await statusOf(country(), before), step);
    await closeForAFortnight(country());
    const { process } = world.platform.service('identification-intake');
    await process.kill('SIGTERM');
    await process.whenReady();
    const newer = (await loadCountryPack(folder)).id;
    expect(newer).not.toBe(pack.id);
    const after = await statusOf(country(), await referCase(country()));
    expect(after.ruleVersion).toBe(newer);
    expect(dueOf(after, step)).toBeGreaterThan(due + WEEK_MS);
    const kept = await statusOf(country(), before);
    expect(kept.ruleVersion).toBe(pack.id);
    expect(dueOf(kept, step)).toBe(due);
    const officer = await authority.as('competent-authority');
    const adopting = { processId: before.processId, ground: 'law-changed' };
    const { state: adopted } = await call(client, 'adoptRules', adopting, officer);
    expect(adopted?.ruleVersion).toBe(newer);
    expect(dueOf(adopted, step)).toBeGreaterThan(due + WEEK_MS);
    const twice = call(client, 'adoptRules', { ...adopting }, officer);
    expect(await twice.then(() => 'accepted', refusalOf)).toBe('not-newer');
  });
}

const dueOf = (now: Parameters<typeof deadlineOf>[0], step: string): number => {
  const due = deadlineOf(now, step)?.due;
  if (!due) throw new Error('a clock that runs is due at some time');
  return due.getTime();
};

/** A newer law: each of the next fourteen days is a holiday, so that every clock that runs would be due later. */
async function closeForAFortnight({ folder, world, pack }: TestCountry): Promise<void> {
  const file = join(folder, 'calendars.json');
  const content = JSON.parse(await readFile(file, 'utf8')) as {
    calendars: { authority: { holidays: Record<string, string[]> } };
  };
  const today = localDateOf(instant(world.now()), pack.timeZone);
  for (let nth = 1; nth <= FORTNIGHT; nth++) {
    const day = plusDays(today, nth);
    content.calendars.authority.holidays[day.slice(0, 4)]?.push(day);
  }
  await writeFile(file, JSON.stringify(content));
  const country = JSON.parse(await readFile(join(folder, 'country.json'), 'utf8')) as {
    version: string;
  };
  await writeFile(join(folder, 'country.json'), JSON.stringify({ ...country, version: '2026.2' }));
}
