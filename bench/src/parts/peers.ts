import type { OwnSystem } from '../bare/bare.ts';
import type { BenchGround } from '../ground.ts';
import { startDbos, startEmmett, startNaive } from '../peers/peers.ts';
import { type Bench, loadTwice } from './part.ts';

const peers: Readonly<Record<string, (ground: BenchGround) => Promise<OwnSystem>>> = {
  DBOS: startDbos,
  emmett: startEmmett,
  naive: startNaive,
};

/** The same saga by others, on the same servers, with the same durability. */
export async function measurePeers(bench: Bench): Promise<void> {
  for (const [name, start] of Object.entries(peers)) {
    const peer = await start(bench.ground);
    try {
      await loadTwice(bench, { name, pids: peer.pids, targetFor: async () => peer.target });
    } finally {
      await peer.stop();
    }
  }
}
