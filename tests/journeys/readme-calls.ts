import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Client, credentials, loadPackageDefinition, Metadata } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { inRepository } from '@opennrm/infra/local';
import { expect, it } from 'vitest';
import { openShelter } from './shelter.ts';
import { withdraw } from './withdraw.ts';
import type { World } from './world.ts';

/** The README's calls, read from it and sent as they stand there. */
const calls = (): { role: string; method: string; json: string }[] =>
  [...readFileSync(inRepository('README.md'), 'utf8').matchAll(/^rpc (\S+) (\w+) '([^']+)'$/gm)].map(
    ([, role = '', method = '', json = '']) => ({ role, method, json }),
  );

type Send = (request: unknown, metadata: Metadata, done: (error: Error | null, answer: unknown) => void) => void;

export function readmeCalls(world: () => World): void {
  it('answers the three calls of the README as they are written there', async () => {
    await openShelter(world());
    const loaded = loadPackageDefinition(
      loadSync('opennrm/referral/v1/service.proto', {
        includeDirs: [inRepository('proto')],
        keepCase: true,
        enums: String,
      }),
    ) as unknown as {
      opennrm: {
        referral: {
          v1: { ReferralService: new (address: string, security: unknown) => Client & Record<string, Send> };
        };
      };
    };
    const client = new loaded.opennrm.referral.v1.ReferralService(
      world().platform.services.referral.grpcAddress,
      credentials.createInsecure(),
    );
    const answers: unknown[] = [];
    for (const { role, method, json } of calls()) {
      const metadata = new Metadata();
      metadata.set(
        'authorization',
        `Bearer ${(await (role === 'coordinator' ? world().coordinators : world().responders).as(role)).token}`,
      );
      metadata.set('idempotency-key', randomUUID());
      const send = client[method];
      if (!send) throw new Error(`the README calls ${method}, which there is not`);
      answers.push(
        await new Promise((resolve, reject) =>
          send.call(client, JSON.parse(json), metadata, (error, answer) => (error ? reject(error) : resolve(answer))),
        ),
      );
    }
    client.close();
    expect(answers).toHaveLength(3);
    expect(answers[0]).toMatchObject({ state: 'searching' });
    await withdraw(world(), (answers[0] as { referral_id: string }).referral_id);
  });
}
