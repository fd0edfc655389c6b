import { randomBytes } from 'node:crypto';
import { startContainer } from '../docker.ts';
import { pollUntil } from '../process/ready.ts';
import { acceptsConnections } from './embedded.ts';
import {
  initdbFlags,
  type PostgresOptions,
  type RunningPostgres,
  serverSettings,
} from './running.ts';

export const postgresImage = 'postgres:18';

/** PostgreSQL in a container of the official image. */
export async function postgresInDocker(options: PostgresOptions): Promise<RunningPostgres> {
  const { GenericContainer, Wait } = await import('testcontainers');
  const password = randomBytes(18).toString('base64url');
  const { container, stop } = await startContainer(
    new GenericContainer(postgresImage)
      .withEnvironment({ POSTGRES_PASSWORD: password, POSTGRES_INITDB_ARGS: initdbFlags.join(' ') })
      .withExposedPorts(5432)
      .withCommand(['postgres', ...serverSettings(options.durable ?? true)])
      .withWaitStrategy(Wait.forListeningPorts())
      .withStartupTimeout(60_000),
  );
  const adminUrl = `postgres://postgres:${password}@${container.getHost()}:${container.getMappedPort(5432)}/postgres`;
  // The image starts a first server for its setup, so an open port does not mean that it is ready.
  if (!(await pollUntil(60_000, async () => (await acceptsConnections(adminUrl)) || undefined))) {
    await stop();
    throw new Error(`${postgresImage} did not answer within 60 s`);
  }
  return { adminUrl, source: 'docker', stop };
}
