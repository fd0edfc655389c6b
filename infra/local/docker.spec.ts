import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { kafkaImage } from './kafka/docker.ts';
import { findKafka } from './kafka/find.ts';
import { postgresImage } from './postgres/docker.ts';
import { findPostgres } from './postgres/find.ts';

const WHY = 'dial tcp: lookup registry.invalid: no such host';

/** A Docker engine that answers, but has no image and reaches no registry. */
const withoutImages = createServer((request, response) => {
  const path = (request.url ?? '').replace(/^\/v[\d.]+/, '');
  if (path.startsWith('/images/create'))
    response.writeHead(500).end(JSON.stringify({ message: WHY }));
  else if (path.startsWith('/images/'))
    response.writeHead(404).end(JSON.stringify({ message: 'No such image' }));
  else response.writeHead(200).end(JSON.stringify({ OperatingSystem: 'Linux', OSType: 'linux' }));
});

beforeEach(async () => {
  for (const unset of ['DATABASE_URL', 'KAFKA_BROKERS']) vi.stubEnv(unset, undefined);
  vi.stubEnv('DOCKER_HOST', `tcp://127.0.0.1:${await portOf(withoutImages)}`);
});
afterEach(() => {
  vi.unstubAllEnvs();
  withoutImages.close();
});

async function portOf(server: Server): Promise<number> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

it('findPostgres and findKafka report once why Docker has no image, and use the embedded servers', async () => {
  const lines: string[] = [];
  const progress = (line: string): void => void lines.push(line);
  const [postgres, kafka] = await Promise.all([
    findPostgres({ durable: false, progress }),
    findKafka({ progress }),
  ]);
  try {
    expect([postgres.source, kafka.source]).toEqual(['embedded', 'embedded']);
    const missing = (image: string) =>
      `Docker runs but ${image} is not on this machine and cannot be pulled (${WHY}); using`;
    expect(lines.filter((line) => !line.startsWith('Pulling')).sort()).toEqual([
      `${missing(kafkaImage)} Kafka's own jars on the local Java.`,
      `${missing(postgresImage)} the PostgreSQL of the npm package.`,
    ]);
  } finally {
    await Promise.all([postgres.stop(), kafka.stop()]);
  }
});
