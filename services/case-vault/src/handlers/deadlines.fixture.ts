import {
  callOf,
  noon,
  type Subject,
  type vaultDatabase,
} from '../outbound/vault-database.fixture.ts';
import * as alerts from './alerts.ts';

/** The codes of the unresolved alerts of a case for a role. */
export async function alertsOf(
  vault: Awaited<ReturnType<typeof vaultDatabase>>,
  role: string,
  { caseId, owner }: Subject,
): Promise<string[]> {
  const first = { at: 0, caseId: '00000000-0000-0000-0000-000000000000', about: '', code: '' };
  const rows = await vault.inTransaction((tx) =>
    alerts.list(tx, vault.pack, first, 200, callOf(vault.deskHolderOf(role) || owner, noon, role)),
  );
  return rows.filter((one) => one.case_id === caseId).map(({ code }) => code);
}
