import type { VaultAlert } from '@opennrm/contracts/opennrm/case_vault/v1/safeguards.ts';
import { call } from '@opennrm/runtime';
import type { World } from '../world.ts';

/** What waits for a role about one case. */
export async function alertsOf(world: World, role: string, caseId: string): Promise<VaultAlert[]> {
  const who = await (role === 'data-protection-officer' ? world.officers : world.responders).as(role);
  const { alerts } = await call(world.safeguards, 'listAlerts', { pageSize: 200, pageToken: '' }, who);
  return alerts.filter((one) => one.caseId === caseId);
}
