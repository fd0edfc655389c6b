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
Tables and inbox are emptied in one transaction, then the topic is replayed. Until the replay of a case or hold is complete, its key is in
quarantine: permissions count as not given, relations as not begun and ages as in doubt, so nobody can read too much, and some calls are refused.
Keep-apart pairs and denials are kept meanwhile. A live referral is reviewed when its case is complete.`,
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
      for (const { empty } of tables) await tx.query(empty);
      await beginRebuild(tx, name);
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
