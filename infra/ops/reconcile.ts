import { streamDifferences } from '@opennrm/infra/promises';
import { table } from '@opennrm/infra/report';
import type { Command } from './command.ts';

export const reconcile: Command = {
  subjects: '[service]',
  summary:
    'where sender and reader of a stream do not agree: what a restore lost, and what was never received',
  help: `After a restore, before people work on. "lost by sender": the reader has seen numbers that the sender does not know any more; its state holds
what the restored service has lost, and a person looks at each (the key is the hold, service or case reference of that conversation).
"not received": the sender gave out numbers that the reader has not seen: rewind the reader, or replay the topic.`,
  effect: 'reads',
  async run(platform, { subjects: [only] }) {
    if (only !== undefined) platform.service(only);
    const found = (await streamDifferences(platform.reader)).filter(
      ({ topic }) => only === undefined || topic.owner === only || topic.audience === only,
    );
    if (found.length === 0) {
      console.log('Senders and readers agree on every stream.');
      return 0;
    }
    const lines = found.map(({ topic, key, sent, received }) => [
      ...(received > sent ? ['lost by sender', topic.owner] : ['not received', topic.audience]),
      topic.name,
      key,
      sent,
      received,
    ]);
    console.log(table([['what', 'by', 'topic', 'key', 'given', 'seen'], ...lines]));
    const lost = found.filter(({ sent, received }) => received > sent).length;
    console.log(
      `\n${lost} stream(s) lost by their sender, ${found.length - lost} not received to the end.`,
    );
    return 1;
  },
};
