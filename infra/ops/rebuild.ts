import { manifests, projectionsOf } from '@opennrm/infra/local';
import { kafkaOnKafkajs, replay } from '@opennrm/messaging';
import { createLog } from '@opennrm/runtime';
import type { Command } from './command.ts';
import { OpsError, topicOf } from './open-platform.ts';

const projections = projectionsOf(manifests);

export const rebuild: Command = {
  subjects: '<topic>',
  summary: 'empty what a service keeps of a topic, and fill it again from the sender’s journal',
  help: `For a table that was damaged, or is new: ${[...projections.keys()].join(', ')}.
Table and inbox are emptied in one transaction, then the topic is replayed. Until that is through, permissions count as not given and
relations as not begun: nobody sees too much, some are refused for a moment.`,
  effect: 'changes',
  async run(platform, { subjects: [name = ''], yes }) {
    const { audience, owner } = topicOf(name);
    const tables = projections.get(name);
    if (!tables)
      throw new OpsError(
        `What ${audience} hears on ${name} changes its decisions and is not kept apart; what it missed comes with: replay ${name}.`,
      );
    if (!yes) {
      console.log(
        `${audience} would forget ${tables.join(', ')} and fill it again from the journal of ${owner}. Do it: add --yes.`,
      );
      return 0;
    }
    await platform.owner(audience).transaction(async (tx) => {
      for (const table of tables) await tx.query(`DELETE FROM ${table}`);
      await tx.query('DELETE FROM parked WHERE topic = $1', [name]);
      await tx.query('DELETE FROM quarantine WHERE topic = $1', [name]);
      await tx.query('DELETE FROM inbox WHERE topic = $1', [name]);
    });
    const kafka = kafkaOnKafkajs({
      brokers: platform.kafkaBrokers,
      clientId: 'ops',
      log: createLog('ops', 'error'),
    });
    const progress = (sent: number): void => console.log(`${sent} sent …`);
    const sent = await replay(platform.service(owner), kafka, { topic: name, progress });
    await kafka.close();
    console.log(
      `${tables.join(', ')} of ${audience}: emptied; ${sent} messages were sent again to fill it.`,
    );
    return 0;
  },
};
