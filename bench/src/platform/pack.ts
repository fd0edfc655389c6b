import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadCountryPack } from '@opennrm/country/load';
import { deskHoldersOf, inRepository } from '@opennrm/infra/local';

const sample = inRepository('infra/countries/sample');

interface Deadlines {
  readonly urgencies: { readonly emergency: { openAtOnce: number } };
  emergencyQuota: { readonly perPerson: number; readonly perOrganisation: number };
}

const MANY = 1_000_000;

/** Regions and languages by which shelters differ, and the organisation that accredits them. */
export interface BenchCountry {
  readonly folder: string;
  readonly accreditors: string;
  readonly regions: readonly string[];
  readonly languages: readonly string[];
}

/**
 * The sample country, except that an emergency also asks one shelter at a time: one hold for each request, as in the limits and the
 * peers. Few responders send all requests, so their quota of emergencies is higher.
 */
export async function benchPack(directory: string): Promise<BenchCountry> {
  const folder = join(directory, 'country');
  await cp(sample, folder, { recursive: true });
  const file = join(folder, 'deadlines.json');
  const content = JSON.parse(await readFile(file, 'utf8')) as Deadlines;
  content.urgencies.emergency.openAtOnce = 1;
  content.emergencyQuota = { perPerson: MANY, perOrganisation: MANY };
  await writeFile(file, JSON.stringify(content));
  const { regions, languages, roles } = await loadCountryPack(folder);
  return {
    folder,
    accreditors: deskHoldersOf({ roles }).accreditor ?? '',
    regions: regions.map(({ code }) => code),
    languages: languages.map(({ code }) => code),
  };
}
