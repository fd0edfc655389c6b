import { systemAuthor } from '@opennrm/messaging';
import type { Transaction } from '@opennrm/runtime';
import { accept, type Instant } from '@opennrm/runtime/decision';
import { timePasses } from '../domain/formal-process/time-passes.ts';
import type { IdentificationEvent } from '../domain/identification-file.ts';
import { identificationFiles } from '../outbound/identification-files.ts';

/** A clock of a formal process fell due. What it says was fixed when it was set: no rule is read here. */
export async function onTimePasses(
  tx: Transaction,
  caseReference: string,
  at: Instant,
): Promise<void> {
  await identificationFiles.change(
    tx,
    caseReference,
    { at, author: systemAuthor },
    ({ procedure }) => (procedure ? timePasses(procedure, at) : accept<IdentificationEvent>()),
  );
}
