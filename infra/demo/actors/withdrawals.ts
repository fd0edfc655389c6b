import { hours } from '@opennrm/runtime/decision';
import { call } from '../call.ts';
import { chance } from '../chance.ts';
import { EXPLAINED } from '../pack.ts';
import type { Simulation, WithdrawnPermission } from '../simulation.ts';

/** A decision that the person states orally, with everything explained. */
export const consentDetails = {
  form: 'spoken',
  language: 'en',
  interpreter: false,
  interpreterId: '',
  witnessId: '',
  explained: EXPLAINED,
  guardianId: '',
  childView: '',
  givenAt: undefined,
  afterPermissionId: '',
  renewsPermissionId: '',
};

const SHARE = 0.08;

/** Some people withdraw their permission by telephone. They are called back by a safe channel, and half of them permit it again the next day. */
export function planWithdrawal(
  simulation: Simulation,
  permission: WithdrawnPermission,
  nth: number,
  permitsAgain: (permissionId: string) => Promise<unknown>,
): void {
  const draw = chance(simulation.seed, 'second thoughts', nth);
  if (!draw.happens(SHARE)) return;
  const { caseId, permissionId, organisation, role } = permission;
  simulation.schedule(hours(2 + draw.next() * 20), 'withdraw permission', async () => {
    const token = await simulation.token(organisation, role);
    const asked = { caseId, permissionId, channel: 'telephone' };
    await call(simulation.clients.vault, 'withdrawPermission', asked, { token });
    simulation.withdrawnPermissions.push(permission);
    const rules = [
      { channel: 'through-caseworker', from: '00:00', until: '00:00', mayLeaveMessage: false },
    ];
    await call(simulation.clients.persons, 'setSafeContact', { caseId, rules }, { token });
    simulation.schedule(hours(3), 'call back', async () => {
      const callBack = {
        caseId,
        permissionId,
        outcome: 'confirmed',
        channel: 'through-caseworker',
      };
      await call(simulation.clients.consents, 'recordCallBack', callBack, {
        token: await simulation.token(organisation, 'caseworker'),
      });
    });
    if (draw.happens(0.5))
      simulation.schedule(hours(24), 'permit again', () => permitsAgain(draw.uuid()));
  });
}
