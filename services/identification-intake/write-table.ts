/** Writes the table of states and commands into the README, between its two marks: `npm run write-table -w services/identification-intake`. */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { rulesOfCountry } from './src/domain/formal-process/procedure.fixture.ts';
import { answers } from './src/domain/formal-process/table.fixture.ts';
import { tableOf } from './src/domain/formal-process/table.ts';

process.chdir(fileURLToPath(new URL('../..', import.meta.url)));
const [BEGIN, END] = ['<!-- states and commands: begin -->', '<!-- states and commands: end -->'];
const readme = new URL('README.md', import.meta.url);
const text = await readFile(readme, 'utf8');
const table = tableOf(answers(await rulesOfCountry('sample')));
const [before, after] = [text.indexOf(BEGIN), text.indexOf(END)];
await writeFile(readme, `${text.slice(0, before + BEGIN.length)}\n\n${table}\n\n${text.slice(after)}`);
