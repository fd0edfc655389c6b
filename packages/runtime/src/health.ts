import { createServer } from 'node:http';
import type { Registry } from 'prom-client';

/** The HTTP endpoints for an orchestrator: `/live`, `/ready`, `/parts` (JSON) and Prometheus `/metrics`. */
export interface HealthServer {
  readonly port: number;
  setReady(ready: boolean): void;
  close(): Promise<void>;
}

/** What `/ready` and `/parts` report about a running process. */
export interface HealthReport {
  /** Why calls cannot be answered now; undefined when they can. Brokers do not count, because messages wait in the outbox. */
  notReadyReason(): string | undefined;
  parts(): unknown;
}

export async function serveHealth(
  host: string,
  port: number,
  metrics: Registry,
  condition: HealthReport,
): Promise<HealthServer> {
  let ready = false;
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0];
    if (path === '/live') response.end('live\n');
    else if (path === '/ready') {
      const reason = ready ? condition.notReadyReason() : 'starting or stopping';
      response.writeHead(reason === undefined ? 200 : 503).end(`${reason ?? 'ready'}\n`);
    } else if (path === '/parts')
      response
        .setHeader('content-type', 'application/json')
        .end(`${JSON.stringify(condition.parts())}\n`);
    else if (path === '/metrics') {
      metrics.metrics().then(
        (text) => response.setHeader('content-type', metrics.contentType).end(text),
        () => response.writeHead(500).end(),
      );
    } else response.writeHead(404).end();
  });
  await new Promise<void>((resolve, reject) =>
    server.once('error', reject).listen(port, host, resolve),
  );
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
