/**
 * Writes the answer to each command in each state (`states-and-commands/<country>.json`, which the specs check), and the table of the
 * sample country into REFERENCE.md, between its two marks. Run with `npm run write-table -w services/identification-intake`. Read the
 * difference before you commit it.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { rulesOfCountry } from './src/domain/formal-process/procedure.fixture.ts';
import { answers, sentences } from './src/domain/formal-process/table.fixture.ts';
import { tableOf } from './states-and-commands/markdown.ts';

process.chdir(fileURLToPath(new URL('../..', import.meta.url)));
for (const country of ['sample', 'albion', 'islets']) {
  const file = new URL(`states-and-commands/${country}.json`, import.meta.url);
  await writeFile(
    file,
    `${JSON.stringify(sentences(await rulesOfCountry(country)), undefined, 2)}\n`,
  );
}
const [BEGIN, END] = ['<!-- states and commands: begin -->', '<!-- states and commands: end -->'];
const reference = new URL('REFERENCE.md', import.meta.url);
const text = await readFile(reference, 'utf8');
const table = tableOf(answers(await rulesOfCountry('sample')));
const [before, after] = [text.indexOf(BEGIN), text.indexOf(END)];
await writeFile(
  reference,
  `${text.slice(0, before + BEGIN.length)}\n\n${table}\n\n${text.slice(after)}`,
);
