import { afterAll, beforeAll, describe } from 'vitest';
import { startWorld, type World } from '../world.ts';
import { readmeCalls } from './readme-calls.ts';

let world: World | undefined;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.stop());

/** The platform of this run. @throws before `beforeAll` has run. */
const theWorld = (): World => {
  if (!world) throw new Error('the platform did not start');
  return world;
};

describe('readme-calls', () => readmeCalls(theWorld));
