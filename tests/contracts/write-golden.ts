/**
 * Writes what is missing of this release: the golden bytes of every event and field that no release has bytes of, the headers, and the
 * image of the published language. What is there is never written again. Run it from the root of the repository.
 */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { headersOf } from '@opennrm/messaging';
import { fieldsWithoutBytes, fileOf, GOLDEN, writeGolden, writeOnce } from './golden.ts';
import { envelope, TOPIC } from './headers.ts';
import { buf, everyTopic, samplesOf } from './language.ts';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
mkdirSync(join(GOLDEN, version), { recursive: true });
const say = (line: string): void => void process.stdout.write(`${line}\n`);

for (const topic of everyTopic) {
  for (const sample of samplesOf(topic)) {
    const missing = fieldsWithoutBytes(topic.name, sample);
    if (missing.length === 0) continue;
    const file = fileOf(version, topic.name, sample.$case);
    if (existsSync(file)) {
      say(`${file} is there and lacks ${missing.join(', ')}: raise the version in package.json first`);
      process.exitCode = 1;
      continue;
    }
    writeGolden(version, topic, sample);
    say(`written: ${file}`);
  }
}
const headers = join(GOLDEN, version, 'headers.json');
if (!existsSync(headers)) writeOnce(headers, { topic: TOPIC, envelope, headers: headersOf(TOPIC, envelope) });
const image = join(GOLDEN, version, 'image.binpb');
if (!existsSync(image)) buf(['build', '--exclude-source-info', '-o', image]);
