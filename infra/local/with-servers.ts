/**
 * Runs a command with one PostgreSQL and one Apache Kafka that all of its processes share:
 * `node infra/local/with-servers.ts npm run …`. The specs read their addresses from `OPENNRM_SPEC_SERVERS`.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { findKafka } from './kafka/find.ts';
import { findPostgres } from './postgres/find.ts';

const [command, ...args] = process.argv.slice(2);
if (command === undefined) {
  process.stderr.write('Name the command to run: node infra/local/with-servers.ts COMMAND …\n');
  process.exit(2);
}
const progress = (line: string): void => void process.stderr.write(`${line}\n`);
progress('Starting one PostgreSQL and one Kafka for the specs …');
const postgres = await findPostgres({ durable: false, progress });
const kafka = await findKafka({ progress }).catch(async (error: unknown) => {
  await postgres.stop();
  throw error;
});
const servers = {
  postgresAdminUrl: postgres.adminUrl,
  databaseSecret: randomBytes(16).toString('hex'),
  kafkaBrokers: kafka.brokers,
};
const child = spawn(command, args, {
  stdio: 'inherit',
  env: { ...process.env, OPENNRM_SPEC_SERVERS: JSON.stringify(servers) },
});
process.on('SIGINT', () => child.kill('SIGINT'));
process.on('SIGTERM', () => child.kill('SIGTERM'));
const code = await new Promise<number>((resolve) =>
  child.once('exit', (exit) => resolve(exit ?? 1)),
);
await kafka.stop();
await postgres.stop();
process.exit(code);
