import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import { inRepository } from '../../local/repository.ts';
import { type PageData, page } from './page.ts';

/** Writes the page beside the logs. @returns its path, as seen from the current directory. */
export async function writePage(data: PageData): Promise<string> {
  const path = inRepository('.opennrm/demo.html');
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, page(data));
  return relative(process.cwd(), path);
}
