import { topics } from '@opennrm/contracts/topics';
import { table } from '@opennrm/infra/report';
import type { Command } from './command.ts';
import { positionsOf, withAdmin } from './groups.ts';

export const lag: Command = {
  subjects: '',
  summary: 'how far each service is behind, by topic and partition, as the broker counts it',
  help: 'A number that grows while the service is up: its database is slow, or it cannot apply a message (see parked).\nA number that stands still above 0 while the service is down is what it will read when it is back.',
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
    console.log(behind === 0 ? 'Nobody is behind.' : table(lines));
    return 0;
  },
};
