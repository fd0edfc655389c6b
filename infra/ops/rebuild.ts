import type { Projection } from '@opennrm/contracts/manifest';
import { manifests, projectionsOf } from '@opennrm/infra/local';
import { beginRebuild, kafkaOnKafkajs, replay } from '@opennrm/messaging';
import { createLog } from '@opennrm/runtime';
import type { Command } from './command.ts';
import { OpsError, topicOf } from './open-platform.ts';

const projections = projectionsOf(manifests);

export const rebuild: Command = {
  subjects: '<topic>',
  summary: 'empty the projection tables of a topic, and fill them again from the sender’s journal',
  help: `For a table that was damaged, or is new: ${[...projections.keys()].join(', ')}.
The service goes through the messages a second time, and decides and sends nothing meanwhile. Until a case or hold is complete, its key is in quarantine:
relations count as not begun and permissions to intake as not given, so some calls are refused. Live referrals keep what they know, and are
reviewed when their case is complete.`,
  effect: 'changes',
  async run(platform, { subjects: [name = ''], yes }) {
    const { audience, owner } = topicOf(name);
    const tables = projections.get(name);
    if (!tables)
      throw new OpsError(
        `${name} has no projection tables in ${audience}; to send it missing messages again: replay ${name}.`,
      );
    if (!yes) {
      console.log(
        `${audience} would empty ${namesOf(tables)} and fill it again from the journal of ${owner}. Do it: add --yes.`,
      );
      return 0;
    }
    await platform.owner(audience).transaction(async (tx) => {
      await beginRebuild(tx, name);
      for (const { empty } of tables) await tx.query(empty);
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
      `${namesOf(tables)} of ${audience}: emptied; ${sent} messages were sent again to fill it.`,
    );
    return 0;
  },
};

const namesOf = (tables: readonly Projection[]): string =>
  tables.map(({ table }) => table).join(', ');
