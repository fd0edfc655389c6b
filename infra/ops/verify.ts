import { neverDoubled, neverLost, nothingLeftOver } from '@opennrm/infra/promises';
import type { Command } from './command.ts';

export const verify: Command = {
  subjects: '',
  does: 'check promises 1 and 2 against the databases: nothing lost, nothing doubled, nothing left over, no wait without a clock',
  help: `After a bad night, a restore or an upgrade. While people work some messages are always on their way: what is BROKEN for a moment and
kept a minute later was only that. Exit code 1 when a promise is broken.`,
  effect: 'looks',
  async run({ look }) {
    const findings = [...(await neverLost(look, [])), ...(await neverDoubled(look)), ...(await nothingLeftOver(look))];
    for (const { says, against } of findings) {
      console.log(`${against.length === 0 ? 'kept  ' : 'BROKEN'} ${says}`);
      for (const one of against.slice(0, 20)) console.log(`         ${one}`);
    }
    return findings.every(({ against }) => against.length === 0) ? 0 : 1;
  },
};
