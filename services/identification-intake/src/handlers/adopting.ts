import type { Answer, Call, Transaction } from '@opennrm/runtime';
import { refuse } from '@opennrm/runtime/decision';
import { adoptRules } from '../domain/formal-process/adopting.ts';
import type { FormalProcess } from '../domain/formal-process/procedure.ts';
import { rulesOf } from '../domain/formal-process/rules.ts';
import type { CountryData } from './country-data.ts';
import { onFile } from './procedures.ts';

/** Adopts the loaded rules for a procedure. The journal records this command with the adopted rules. */
export function adopt(
  tx: Transaction,
  country: CountryData,
  { processId, ground: why }: { readonly processId: string; readonly ground: string },
  call: Call,
): Promise<Answer<FormalProcess>> {
  const newer = rulesOf(country.packs.current);
  return onFile(
    tx,
    country,
    processId,
    call,
    (file, procedure, before) =>
      procedure === file.procedure
        ? adoptRules(procedure, { ground: why, actor: call.actor, at: call.at }, before, newer)
        : refuse('superseded', 'process_id'),
    newer.id,
  );
}
