import { expect, it } from 'vitest';
import { commands, helpOf, overview } from './commands.ts';

it.each(Object.entries(commands))(
  '`npm run ops -- help` explains the command %s, and whether it needs a token',
  (name, command) => {
    expect(overview()).toContain(`\n  ${name} `);
    expect(helpOf(name, command)).toMatch(
      new RegExp(`^npm run ops -- ${name}.*(only reads|needs a token)`, 's'),
    );
  },
);
