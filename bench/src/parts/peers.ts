import type { OwnSystem } from '../bare/bare.ts';
import { startDbos, startEmmett, startNaive } from '../peers/peers.ts';
import { startRestate } from '../peers/restate/start.ts';
import type { BenchServers } from '../servers.ts';
import { type Bench, loadSteadyAndFlood } from './part.ts';

const peers: Readonly<Record<string, (servers: BenchServers) => Promise<OwnSystem>>> = {
  DBOS: startDbos,
  emmett: startEmmett,
  naive: startNaive,
};

/** The same saga in other systems, on the same servers, with the same durability. */
export async function measurePeers(bench: Bench): Promise<void> {
  for (const [name, start] of Object.entries(peers))
    await measurePeer(bench, name, await start(bench.servers));
}

/** The same saga in Restate, which is fetched first. */
export async function measureRestate(bench: Bench): Promise<void> {
  await measurePeer(bench, 'Restate', await startRestate(bench.servers, bench.printLine));
}

async function measurePeer(bench: Bench, name: string, peer: OwnSystem): Promise<void> {
  try {
    await loadSteadyAndFlood(bench, {
      name,
      pids: peer.pids,
      targetFor: async () => peer.target,
    });
  } finally {
    await peer.stop();
  }
}
