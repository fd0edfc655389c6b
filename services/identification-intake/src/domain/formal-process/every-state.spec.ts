import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { tableOf } from '../../../states-and-commands/markdown.ts';
import { commands } from './commands.fixture.ts';
import { rulesOfCountry } from './procedure.fixture.ts';
import { answers, sentences } from './table.fixture.ts';

type Table = ReturnType<typeof sentences>;

const SERVICE = 'services/identification-intake';
/** The committed table, which people have reviewed, not the current result of the code. */
const written = async (country: string): Promise<Table> =>
  JSON.parse(await readFile(`${SERVICE}/states-and-commands/${country}.json`, 'utf8')) as Table;

const countries = await Promise.all(
  ['sample', 'albion', 'islets'].map(async (name) => {
    return [name, await written(name), sentences(await rulesOfCountry(name))] as const;
  }),
);

describe.each(countries)('in %s', (_country, expected, is) => {
  it('the table has every state, and every command in each of them', () => {
    expect(Object.keys(expected)).toEqual(Object.keys(is));
    const all = ['begin', ...Object.keys(commands), 'read, by the authority', 'check removal bar'];
    for (const [state, cells] of Object.entries(expected))
      expect([state, Object.keys(cells)]).toEqual([
        state,
        state === 'no process' ? ['begin'] : all,
      ]);
  });

  describe.each(Object.entries(expected))('in the state "%s"', (state, cells) => {
    it.each(Object.entries(cells))('the command "%s" %s', (command, says) =>
      expect(is[state]?.[command]).toBe(says),
    );
  });
});

it('the table in the reference is that of the sample country', async () => {
  const reference = await readFile(`${SERVICE}/REFERENCE.md`, 'utf8');
  expect(reference).toContain(tableOf(answers(await rulesOfCountry('sample'))));
});
