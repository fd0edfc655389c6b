import { Agent, request } from 'node:http';

const CONNECTIONS = 64;

/** Calls of Restate's ingress on connections that stay open. A call with `/send` is answered when Restate has stored it. */
export function openIngress(ingressUrl: string): (path: string) => Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  return (path) =>
    new Promise((resolve, reject) => {
      const call = request(`${ingressUrl}${path}`, { agent, method: 'POST' }, (response) => {
        const { statusCode = 0 } = response;
        response.resume();
        response.once('error', reject);
        response.once('end', () =>
          statusCode < 300 ? resolve() : reject(new Error(`Restate answered ${statusCode}`)),
        );
      });
      call.once('error', reject);
      call.end();
    });
}

/** Restate asks this endpoint for its services, and calls them there. */
export async function registerDeployment(adminUrl: string, endpointUrl: string): Promise<void> {
  const response = await fetch(`${adminUrl}/deployments`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ uri: endpointUrl }),
  });
  if (!response.ok)
    throw new Error(
      `Restate did not register the saga (${response.status}): ${await response.text()}`,
    );
}
