import { readShape, type Shape } from '../bare/shape.ts';
import { type Road, SHELTERS, startRoad, targetOf, untilKnown } from '../road/road.ts';
import { openShelters } from '../road/shelters.ts';
import { type Bench, loadTwice, type UnderLoad } from './part.ts';

const SPARE = 1.2;

/** The platform under load: each load gets shelters of its own that are empty when it begins, with a bed for each saga. */
export const roadUnderLoad = (road: Road): UnderLoad => ({
  ...{ name: 'road', pids: road.pids },
  async targetFor({ sagas }) {
    const beds = Math.ceil((sagas * SPARE) / SHELTERS);
    const shelters = await openShelters(road.platform, road.places, { count: SHELTERS, beds });
    await untilKnown(road, shelters);
    return { ...targetOf(road, shelters), close: () => shelters.close() };
  },
});

/** Request → bed held and offer visible → accept → confirmed, through the public calls. @returns what one referral of it writes. */
export async function measureRoad(bench: Bench): Promise<Shape> {
  const road = await startRoad(bench.ground, bench.say);
  try {
    await loadTwice(bench, roadUnderLoad(road));
    return await readShape(road);
  } finally {
    await road.stop();
  }
}
