import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import { startWorld, type World } from '../world.ts';
import { attachedFile } from './attached-file.ts';
import { badConsent } from './bad-consent.ts';
import { childOfUncertainAge } from './child-of-uncertain-age.ts';
import { nightBreakGlass } from './night-break-glass.ts';
import { ownView } from './own-view.ts';
import { partyOfTwo } from './party-of-two.ts';
import { turnsEighteen } from './turns-eighteen.ts';
import { withdrawalKeepsTheAllergyNote } from './withdrawal-keeps-the-allergy-note.ts';
import { withdrawalReachesEveryone } from './withdrawal-reaches-everyone.ts';

let world: World | undefined;
beforeAll(async () => {
  world = await startWorld();
});
afterEach(() => world?.cleanUp());
afterAll(() => world?.stop());

/** The platform of this run. @throws before `beforeAll` has run. */
const theWorld = (): World => {
  if (!world) throw new Error('the platform did not start');
  return world;
};

describe('withdrawal-reaches-everyone', () => withdrawalReachesEveryone(theWorld));
describe('withdrawal-keeps-the-allergy-note', () => withdrawalKeepsTheAllergyNote(theWorld));
describe('child-of-uncertain-age', () => childOfUncertainAge(theWorld));
describe('turns-eighteen', () => turnsEighteen(theWorld));
describe('night-break-glass', () => nightBreakGlass(theWorld));
describe('own-view', () => ownView(theWorld));
describe('party-of-two', () => partyOfTwo(theWorld));
describe('bad-consent', () => badConsent(theWorld));
describe('attached-file', () => attachedFile(theWorld));
