import { streamDifferences } from '@opennrm/infra/promises';
import { table } from '@opennrm/infra/report';
import type { Command } from './command.ts';

export const reconcile: Command = {
  subjects: '[service]',
  summary:
    'the streams on which sender and reader differ: messages that a restore lost, or that were never received',
  help: `Use it after a restore, before people continue their work. "lost by sender": the reader has seen numbers that the sender does not know any
more. The reader still has what the restored service has lost, and a person must check each one (the key is a hold, service or case reference).
"not received": the sender assigned numbers that the reader has not seen: rewind the reader, or replay the topic.`,
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
    console.log(table([['difference', 'service', 'topic', 'key', 'sent', 'received'], ...lines]));
    const lost = found.filter(({ sent, received }) => received > sent).length;
    console.log(
      `\n${lost} stream(s) lost by their sender, ${found.length - lost} not received to the end.`,
    );
    return 1;
  },
};
