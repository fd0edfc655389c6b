import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { asHtml } from './html.ts';
import type { Report } from './report.ts';
import { asText } from './table.ts';

/** Table, JSON and page. @returns the table. */
export async function writeReport(report: Report, directory: string): Promise<string> {
  await mkdir(directory, { recursive: true });
  const text = asText(report);
  await writeFile(join(directory, 'latest.txt'), text);
  await writeFile(join(directory, 'latest.json'), `${JSON.stringify(report, null, 1)}\n`);
  await writeFile(join(directory, 'latest.html'), await asHtml(report));
  return text;
}
