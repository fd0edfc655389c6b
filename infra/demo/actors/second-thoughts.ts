import { hours } from '@opennrm/runtime/decision';
import { call } from '../call.ts';
import { chance } from '../chance.ts';
import type { Desk, TakenBack } from '../desk.ts';
import { EXPLAINED } from '../pack.ts';

/** Said by herself, with everything explained. */
export const spoken = {
  ...{ form: 'spoken', language: 'en', interpreter: false, interpreterId: '', witnessId: '', explained: EXPLAINED },
  ...{ guardianId: '', childView: '', givenAt: undefined, afterPermissionId: '', renewsPermissionId: '' },
};

const SHARE = 0.08;

/** Some take it back, by telephone; they are called back by a way that they called safe, and half of them permit it again the day after. */
export function secondThoughts(
  desk: Desk,
  taken: TakenBack,
  nth: number,
  permitsAgain: (permissionId: string) => Promise<unknown>,
): void {
  const draw = chance(desk.seed, 'second thoughts', nth);
  if (!draw.happens(SHARE)) return;
  const { caseId, permissionId, organisation, role } = taken;
  desk.later(hours(2 + draw.next() * 20), 'take back', async () => {
    const token = await desk.token(organisation, role);
    const asked = { caseId, permissionId, channel: 'telephone' };
    await call(desk.clients.vault, 'withdrawPermission', asked, { token });
    desk.takenBack.push(taken);
    const rules = [{ channel: 'through-caseworker', from: '00:00', until: '00:00', mayLeaveWord: false }];
    await call(desk.clients.persons, 'setSafeContact', { caseId, rules }, { token });
    desk.later(hours(3), 'call back', async () => {
      const said = { caseId, permissionId, outcome: 'confirmed', channel: 'through-caseworker' };
      await call(desk.clients.consents, 'recordCallBack', said, {
        token: await desk.token(organisation, 'caseworker'),
      });
    });
    if (draw.happens(0.5)) desk.later(hours(24), 'permit again', () => permitsAgain(draw.uuid()));
  });
}
