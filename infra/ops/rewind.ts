import type { Command } from './command.ts';
import { withAdmin } from './groups.ts';
import { instantOf, OpsError, topicOf } from './open-platform.ts';

export const rewind: Command = {
  subjects: '<service> <topic> --to <time>',
  summary: 'let a stopped service read a topic again from a time on (real time)',
  help: `Use it after the database of a service was restored: the service receives the messages since the backup again, and ignores those that it has seen.
The service must be stopped: the offsets of a running service cannot be changed. Topics keep 30 days; use replay for older messages.`,
  effect: 'changes',
  async run(platform, { subjects: [service = '', name = ''], to, yes }) {
    platform.service(service);
    const topic = topicOf(name);
    if (topic.audience !== service)
      throw new OpsError(
        `${service} does not read ${name}; it is for ${topic.audience}: rewind ${topic.audience} ${name} --to <time>.`,
      );
    if (to === undefined)
      throw new OpsError('rewind needs --to <time>, such as 2026-11-23T04:00:00Z.');
    const moment = instantOf('--to', to);
    if (moment.getTime() > Date.now())
      throw new OpsError(
        `--to: ${moment.toISOString()} is in the future; a rewind goes back. To skip a message that cannot be applied: release … --skip.`,
      );
    return withAdmin(platform, async (admin) => {
      const { groups } = await admin.describeGroups([service]);
      const members = groups[0]?.members.length ?? 0;
      if (members > 0)
        throw new OpsError(
          `${service} still reads with ${members} process(es): stop it first (a killed process counts for twelve more seconds).`,
        );
      const offsets = await admin.fetchTopicOffsetsByTimestamp(name, moment.getTime());
      if (!yes) {
        console.log(
          `${service} would read ${name} again from ${moment.toISOString()} on. Do it: add --yes.`,
        );
        return 0;
      }
      await admin.setOffsets({
        groupId: service,
        topic: name,
        partitions: offsets.map(({ partition, offset }) => ({ partition, offset })),
      });
      console.log(`${service} reads ${name} again from ${moment.toISOString()} on when it starts.`);
      return 0;
    });
  },
};
