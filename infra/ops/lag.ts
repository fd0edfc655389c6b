import { topics } from '@opennrm/contracts/topics';
import { table } from '@opennrm/infra/report';
import type { Command } from './command.ts';
import { positionsOf, withAdmin } from './groups.ts';

export const lag: Command = {
  subjects: '',
  summary: 'how many messages each service has not handled yet, by topic and partition',
  help: 'A number that grows while the service runs: its database is slow, or it cannot apply a message (see parked).\nA number that stays above 0 while the service is stopped: the service reads these messages when it runs again.',
  effect: 'reads',
  async run(platform) {
    let behind = 0;
    const lines: (string | number)[][] = [['topic', 'read by', 'partition', 'behind']];
    await withAdmin(platform, async (admin) => {
      for (const { name, audience } of Object.values(topics)) {
        for (const { partition, at, end } of await positionsOf(admin, name, audience)) {
          behind += end - at;
          if (end > at) lines.push([name, audience, partition, end - at]);
        }
      }
    });
    console.log(behind === 0 ? 'No service is behind.' : table(lines));
    return 0;
  },
};
