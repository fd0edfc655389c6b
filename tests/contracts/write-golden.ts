/**
 * Writes the golden bytes of the version in package.json again: every event with every field filled, and the headers. Nothing is released before
 * 0.2.0, so these files may change; the diff shows what changes. Run it from the root of the repository.
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { headersOf } from '@opennrm/messaging';
import { GOLDEN, writeGolden, writeJson } from './golden.ts';
import { envelope, TOPIC } from './headers.ts';
import { everyTopic, samplesOf } from './language.ts';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
const folder = join(GOLDEN, version);
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const topic of everyTopic) {
  for (const sample of samplesOf(topic)) writeGolden(version, topic, sample);
}
writeJson(join(folder, 'headers.json'), {
  topic: TOPIC,
  envelope,
  headers: headersOf(TOPIC, envelope),
});
