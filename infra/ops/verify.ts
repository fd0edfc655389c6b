import { neverDoubled, neverLost, nothingLeftOver } from '@opennrm/infra/promises';
import type { Command } from './command.ts';

export const verify: Command = {
  subjects: '',
  summary:
    'check promises 1 and 2 against the databases: nothing lost, nothing doubled, nothing left over, no open referral without a deadline',
  help: `Use it after a fault, a restore or an upgrade. While people work, some messages are always under way: if a line is BROKEN, repeat the check
a minute later. Exit code 1 when a promise is broken.`,
  effect: 'reads',
  async run({ reader }) {
    const findings = [
      ...(await neverLost(reader, [])),
      ...(await neverDoubled(reader)),
      ...(await nothingLeftOver(reader)),
    ];
    for (const { statement, violations } of findings) {
      console.log(`${violations.length === 0 ? 'kept  ' : 'BROKEN'} ${statement}`);
      for (const one of violations.slice(0, 20)) console.log(`         ${one}`);
    }
    return findings.every(({ violations }) => violations.length === 0) ? 0 : 1;
  },
};
