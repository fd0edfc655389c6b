import { expect, it } from 'vitest';
import { commands, helpOf, overview } from './commands.ts';

it.each(Object.entries(commands))('explains the command %s, and what it needs', (name, command) => {
  expect(overview()).toContain(`\n  ${name} `);
  expect(helpOf(name, command)).toMatch(
    new RegExp(`^npm run ops -- ${name}.*(looks only|needs a token)`, 's'),
  );
});
