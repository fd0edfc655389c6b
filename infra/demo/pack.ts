import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inRepository } from '@opennrm/infra/local';

export const samplePack = inRepository('infra/countries/sample');

/**
 * The sample country for a clock that runs thousands of times too fast: messages still take real milliseconds, which are minutes of
 * that clock. So the three clocks that wait for another *service* are longer; those that wait for people are not touched.
 */
export async function demoPack(directory: string): Promise<string> {
  const folder = join(directory, 'country');
  await cp(samplePack, folder, { recursive: true });
  const file = join(folder, 'clocks.json');
  const content = JSON.parse(await readFile(file, 'utf8')) as { clocks: Record<string, unknown> };
  const clocks = { ...content.clocks, holding: '2 h', confirming: '2 h', waitingForBasis: '6 h' };
  await writeFile(file, JSON.stringify({ ...content, clocks }));
  return folder;
}
