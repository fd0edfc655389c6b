import { freePort } from '@opennrm/infra/local';
import type { OwnSystem } from '../../bare/bare.ts';
import { startProcess } from '../../load/start.ts';
import type { BenchServers, PrintLine } from '../../servers.ts';
import { peerDatabase, peerSystem, SAGA_TABLE } from '../peers.ts';
import { SHELTER_TABLES } from '../shelter-tables.ts';
import { restatePackages } from './packages.ts';
import { startRestateServer } from './server.ts';

/** Restate: workflow and steps are in Restate's own log; the shelter is called and does its work once, as with DBOS. */
export async function startRestate(
  servers: BenchServers,
  printLine: PrintLine,
): Promise<OwnSystem> {
  const packages = await restatePackages(printLine);
  const [ours, theirs] = [
    await peerDatabase(servers, 'restate_referral', SAGA_TABLE),
    await peerDatabase(servers, 'restate_shelter', SHELTER_TABLES),
  ];
  const restate = await startRestateServer(packages);
  try {
    const shelter = await startProcess('restate-shelter', 'peers/beds-server.ts', {
      DATABASE_URL: theirs,
    });
    const referral = await startProcess('restate-referral', 'peers/restate/restate-referral.ts', {
      DATABASE_URL: ours,
      BEDS_PORT: String(shelter.port),
      SDK_MODULE: packages.sdkModule,
      ENDPOINT_PORT: String(await freePort()),
      ADMIN_URL: restate.adminUrl,
      INGRESS_URL: restate.ingressUrl,
      NODE_ENV: 'production',
      RESTATE_LOGGING: 'ERROR',
    });
    const { pids, target, stop } = peerSystem(servers, ours, { referral, shelter });
    const pid = restate.process.pid();
    return {
      pids: { ...pids, restate: pid === undefined ? [] : [pid] },
      target,
      async stop() {
        await stop();
        await restate.stop();
      },
    };
  } catch (error) {
    await restate.stop();
    throw error;
  }
}
