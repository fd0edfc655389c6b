/** `npm run deployment`: writes every service of `services/` into the files of a deployment. */
import { readFile, writeFile } from 'node:fs/promises';
import { manifests } from '../local/manifests.ts';
import { inRepository } from '../local/repository.ts';
import { deploymentFiles, withRegions } from './regions.ts';

for (const file of deploymentFiles) {
  const path = inRepository(file);
  await writeFile(path, withRegions(await readFile(path, 'utf8'), manifests));
  console.log(`${file}: ${manifests.map(({ name }) => name).join(', ')}`);
}
