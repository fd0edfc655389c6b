import type { OwnSystem } from '../bare/bare.ts';
import { startDbos, startEmmett, startNaive } from '../peers/peers.ts';
import type { BenchServers } from '../servers.ts';
import { type Bench, loadSteadyAndFlood } from './part.ts';

const peers: Readonly<Record<string, (servers: BenchServers) => Promise<OwnSystem>>> = {
  DBOS: startDbos,
  emmett: startEmmett,
  naive: startNaive,
};

/** The same saga in other systems, on the same servers, with the same durability. */
export async function measurePeers(bench: Bench): Promise<void> {
  for (const [name, start] of Object.entries(peers)) {
    const peer = await start(bench.servers);
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
}
