import type { Command } from './command.ts';

export const resend: Command = {
  subjects: '<service>',
  summary: 'try again to send what the broker refused',
  help: 'What the broker refuses (too large) waits with everything behind it of the same aggregate. Raise its limits first; then this sends it\nin order. A topic that cannot be written is tried again by itself.',
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
  help: `A database that was restored gives numbers out a second time; a higher epoch says that they are not repeats (design rule 10).
Once for each restore, with the service stopped. Then: rewind what it reads, start it, reconcile.`,
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
    // A second restore from the same backup must not give the same epoch out again: it is at least the minutes since 1970.
    const { rows } = await database.query<{ number: number }>(
      `UPDATE epoch SET number = greatest(number + 1, (extract(epoch FROM clock_timestamp()) / 60)::int) RETURNING number`,
    );
    console.log(`${service} sends with epoch ${rows[0]?.number} from now on.`);
    return 0;
  },
};
