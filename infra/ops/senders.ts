import type { Command } from './command.ts';

export const resend: Command = {
  subjects: '<service>',
  summary: 'send messages again that the broker refused',
  help: 'A message that the broker refuses (too large) waits, and later messages of the same aggregate wait for it. Raise the limits of the broker first;\nthen this command sends them in order. A topic that cannot be written is tried again automatically.',
  effect: 'idempotent',
  async run(platform, { subjects: [service = ''] }) {
    const { rowCount } = await platform
      .service(service)
      .query('UPDATE outbox SET parked = NULL WHERE parked IS NOT NULL');
    console.log(`${rowCount ?? 0} messages of ${service} will be sent again.`);
    return 0;
  },
};

export const afterRestore: Command = {
  subjects: '<service>',
  summary:
    'after a restore from backup: raise the epoch of what the service sends, before it starts',
  help: `A restored database assigns numbers a second time; a higher epoch shows that they are not repeats (design rule 10).
Use it once for each restore, with the service stopped. Then: rewind its topics, start it, reconcile.`,
  effect: 'changes',
  async run(platform, { subjects: [service = ''], yes }) {
    const database = platform.service(service);
    if (!yes) {
      const { rows } = await database.query<{ number: number }>('SELECT number FROM epoch');
      console.log(
        `${service} sends with epoch ${rows[0]?.number} and would send with the next. Do it: add --yes.`,
      );
      return 0;
    }
    // A second restore from the same backup must get another epoch, so it is at least the number of minutes since 1970.
    const { rows } = await database.query<{ number: number }>(
      `UPDATE epoch SET number = greatest(number + 1, (extract(epoch FROM clock_timestamp()) / 60)::int) RETURNING number`,
    );
    console.log(`${service} sends with epoch ${rows[0]?.number} from now on.`);
    return 0;
  },
};
