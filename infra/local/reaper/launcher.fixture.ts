/** A launcher that a spec kills: starts a PostgreSQL, a Kafka and a Node process, then waits forever. */
import { findKafka } from '../kafka/find.ts';
import { findPostgres } from '../postgres/find.ts';
import { superviseProcess } from '../process/supervise.ts';

const logDirectory = process.argv[2] ?? '.';
await Promise.all([
  findPostgres({ only: 'embedded', durable: false, logDirectory }),
  findKafka({ only: 'embedded', logDirectory }),
  superviseProcess({
    name: 'stubborn',
    command: process.execPath,
    logDirectory,
    restart: true,
    args: ['-e', 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)'],
  }),
]);
console.log('up');
setInterval(() => undefined, 60_000);
