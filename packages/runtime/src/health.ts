import { createServer } from 'node:http';
import type { Registry } from 'prom-client';

/** What an orchestrator asks over HTTP: `/live`, `/ready`, `/parts` (JSON) and Prometheus `/metrics`. */
export interface HealthServer {
  readonly port: number;
  setReady(ready: boolean): void;
  close(): Promise<void>;
}

/** What `/ready` and `/parts` tell of a running process. */
export interface Condition {
  /** Why calls cannot be answered now; undefined when they can. Brokers do not count: what was decided waits in the outbox. */
  whyNotReady(): string | undefined;
  parts(): unknown;
}

export async function serveHealth(
  host: string,
  port: number,
  metrics: Registry,
  condition: Condition,
): Promise<HealthServer> {
  let ready = false;
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0];
    if (path === '/live') response.end('live\n');
    else if (path === '/ready') {
      const why = ready ? condition.whyNotReady() : 'starting or stopping';
      response.writeHead(why === undefined ? 200 : 503).end(`${why ?? 'ready'}\n`);
    } else if (path === '/parts')
      response.setHeader('content-type', 'application/json').end(`${JSON.stringify(condition.parts())}\n`);
    else if (path === '/metrics') {
      metrics.metrics().then(
        (text) => response.setHeader('content-type', metrics.contentType).end(text),
        () => response.writeHead(500).end(),
      );
    } else response.writeHead(404).end();
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : port,
    setReady: (value) => {
      ready = value;
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
