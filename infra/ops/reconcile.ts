import { differences } from '@opennrm/infra/promises';
import { table } from '@opennrm/infra/report';
import type { Command } from './command.ts';

export const reconcile: Command = {
  subjects: '[service]',
  does: 'where sender and reader of a stream do not agree: what was forgotten by a restore, what was never heard',
  help: `After a restore, before people work on. "forgotten": the reader has seen numbers that the sender does not know any more; its state holds
what the restored service has lost, and a person looks at each (the key is the hold, service or case reference of that conversation).
"not heard": the sender gave out numbers that the reader has not seen: rewind the reader, or replay the topic.`,
  effect: 'looks',
  async run(platform, { subjects: [only] }) {
    if (only !== undefined) platform.service(only);
    const found = (await differences(platform.look)).filter(
      ({ topic }) => only === undefined || topic.owner === only || topic.audience === only,
    );
    if (found.length === 0) {
      console.log('Senders and readers agree on every stream.');
      return 0;
    }
    const lines = found.map(({ topic, key, given, seen }) => [
      ...(seen > given ? ['forgotten', topic.owner] : ['not heard', topic.audience]),
      ...[topic.name, key, given, seen],
    ]);
    console.log(table([['what', 'by', 'topic', 'key', 'given', 'seen'], ...lines]));
    const forgotten = found.filter(({ given, seen }) => seen > given).length;
    console.log(
      `\n${forgotten} stream(s) forgotten by their sender, ${found.length - forgotten} not heard to the end.`,
    );
    return 1;
  },
};
