import { call } from '@opennrm/runtime';
import type { Shelter } from './shelter.ts';
import type { World } from './world.ts';

/** How many units of a shelter are in a state: `free`, `held`, `confirmed`, `occupied`. */
export async function unitsIn(world: World, shelter: Shelter, state: string): Promise<number> {
  const asked = { siteId: shelter.siteId, pageSize: 200, pageToken: '' };
  const { units } = await call(
    world.shelters,
    'listUnits',
    asked,
    await shelter.as('provider-staff'),
  );
  return units.filter((unit) => unit.state === state).length;
}
