import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadCountryPack } from '@opennrm/country/load';
import { deskHoldersOf, inRepository } from '@opennrm/infra/local';

export const samplePack = inRepository('infra/countries/sample');

const { consent, roles } = await loadCountryPack(samplePack);

/** All that must be explained to somebody before a yes or a no counts. */
export const EXPLAINED = consent.explanations.map(({ code }) => code);

/** The coordinators of the country: they are told, too, that the authority is late. */
export const COORDINATORS = deskHoldersOf({ roles }).coordinator ?? '';

/** The accreditation desk of the country: it vets every service that is not its own. */
export const ACCREDITORS = deskHoldersOf({ roles }).accreditor ?? '';

/**
 * The sample country for a clock that runs thousands of times too fast: messages still take real milliseconds, which are minutes of
 * that clock. So the four deadlines that wait for another *service* are longer; those that wait for people are not touched. And the authority has a day for its first
 * decision instead of ten, so that five days show one that is late.
 */
export async function demoPack(directory: string): Promise<string> {
  const folder = join(directory, 'country');
  await cp(samplePack, folder, { recursive: true });
  await change(folder, 'deadlines', { holding: '2 h', confirming: '2 h', waitingForBasis: '6 h' });
  await change(folder, 'consent', { acknowledgedWithin: '2 h' });
  const { identification: process } = JSON.parse(
    await readFile(join(folder, 'identification.json'), 'utf8'),
  ) as Identification;
  const [first, ...others] = process.steps;
  await change(folder, 'identification', {
    steps: [{ ...first, term: '1 working days' }, ...others],
    escalation: process.escalation.map((rung, nth) => ({ ...rung, after: `${nth * 12} h` })),
  });
  return folder;
}

interface Identification {
  readonly identification: {
    readonly steps: readonly object[];
    readonly escalation: readonly object[];
  };
}

type Part = 'deadlines' | 'consent' | 'identification';

async function change(
  folder: string,
  part: Part,
  terms: Readonly<Record<string, unknown>>,
): Promise<void> {
  const file = join(folder, `${part}.json`);
  const content = JSON.parse(await readFile(file, 'utf8')) as Record<Part, Record<string, unknown>>;
  await writeFile(file, JSON.stringify({ ...content, [part]: { ...content[part], ...terms } }));
}
