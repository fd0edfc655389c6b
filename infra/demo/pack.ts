import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadCountryPack } from '@opennrm/country/load';
import { deskHoldersOf, inRepository } from '@opennrm/infra/local';

export const samplePack = inRepository('infra/countries/sample');

const { consent, roles } = await loadCountryPack(samplePack);

/** Everything that must be explained to a person before a permission or a denial is valid. */
export const EXPLAINED = consent.explanations.map(({ code }) => code);

/** The coordination desk of the country. It is also notified when the authority is late. */
export const COORDINATORS = deskHoldersOf({ roles }).coordinator ?? '';

/** The accreditation desk of the country. It accredits every service that is not its own. */
export const ACCREDITORS = deskHoldersOf({ roles }).accreditor ?? '';

/**
 * The sample country for a clock that is thousands of times as fast as real time: messages still take real milliseconds, which are minutes of
 * that clock. So the four deadlines that wait for another *service* are longer; those that wait for people are unchanged. The authority has one
 * working day for its first decision, so that five days show one that is late.
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
    escalation: process.escalation.map((level, nth) => ({ ...level, after: `${nth * 12} h` })),
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
