import type { VaultAlert } from '@opennrm/contracts/opennrm/case_vault/v1/safeguards.ts';
import { call } from '@opennrm/runtime';
import type { Organisation, World } from '../world.ts';

/** The open alerts of a role about one case. */
export async function alertsOf(world: World, role: string, caseId: string): Promise<VaultAlert[]> {
  const desks: Readonly<Record<string, Organisation>> = {
    'data-protection-officer': world.officers,
    coordinator: world.coordinators,
  };
  const who = await (desks[role] ?? world.responders).as(role);
  const { alerts } = await call(
    world.safeguards,
    'listAlerts',
    { pageSize: 200, pageToken: '' },
    who,
  );
  return alerts.filter((one) => one.caseId === caseId);
}
