import type { CountryPack } from '@opennrm/country';
import { type Author, answerFrom } from '@opennrm/messaging';
import { type Actor, type Answer, type Call, refused, type Transaction } from '@opennrm/runtime';
import { type Decision, refuse } from '@opennrm/runtime/decision';
import { fileOfScreening, identificationFiles } from '../adapters/identification-files.ts';
import { findReference } from '../adapters/references.ts';
import {
  type Conclusion,
  conclude,
  type IdentificationEvent,
  type IdentificationFile,
  readScreening,
  recordScreening,
  type Screening,
  type ScreeningRequest,
} from '../domain/identification-file.ts';
import type { IndicatorList } from '../domain/indicator-list.ts';

export interface Ground {
  readonly pack: CountryPack;
  readonly lists: ReadonlyMap<string, IndicatorList>;
}

const authorOf = ({ person, organisation, role }: Actor): Author => ({ person, organisation, role });
const contextOf = (call: Call, { pack }: Ground) => ({
  at: call.at,
  author: authorOf(call.actor),
  ruleVersion: pack.id,
});

/** The first screening begins the file. A reference that the vault has not announced yet may be on its way. */
export async function record(
  tx: Transaction,
  ground: Ground,
  request: ScreeningRequest,
  call: Call,
): Promise<Answer<Screening>> {
  const { caseReference, screeningId } = request;
  if (!(await findReference(tx, caseReference))) return refused('not-known-yet', 'case_reference');
  if (await fileOfScreening(tx, screeningId)) return refused('already-exists', 'screening_id');
  const respond = (file: IdentificationFile): Screening => screeningOf(file, screeningId);
  const created = await identificationFiles.create(
    tx,
    caseReference,
    recordScreening(undefined, request, ground.lists),
    contextOf(call, ground),
  );
  if (created.kind !== 'refused' || created.refusal !== 'already-exists')
    return answerFrom(created, respond, 'screening_id');
  const changed = await identificationFiles.change(tx, caseReference, contextOf(call, ground), (file) =>
    recordScreening(file, request, ground.lists),
  );
  return answerFrom(changed, respond, 'screening_id');
}

type Decide = (file: IdentificationFile) => Decision<IdentificationEvent, string>;

async function onScreening(
  tx: Transaction,
  ground: Ground,
  screeningId: string,
  call: Call,
  decide: Decide,
): Promise<Answer<Screening>> {
  const caseReference = await fileOfScreening(tx, screeningId);
  if (!caseReference) return refused('not-found', 'screening_id');
  const outcome = await identificationFiles.change(tx, caseReference, contextOf(call, ground), decide);
  return answerFrom(outcome, (file) => screeningOf(file, screeningId), 'screening_id');
}

const screeningOf = (file: IdentificationFile, screeningId: string): Screening => {
  const screening = file.screenings.find((one) => one.screeningId === screeningId);
  if (!screening) throw new Error('a screening that was kept is not in its file');
  return screening;
};

export const concludeIt = (tx: Transaction, ground: Ground, how: Conclusion, call: Call) =>
  onScreening(tx, ground, how.screeningId, call, (file) => {
    const own = file.screenings.some(
      (one) => one.screeningId === how.screeningId && one.ownerOrg === call.actor.organisation,
    );
    return own || call.actor.role === 'competent-authority' ? conclude(file, how) : refuse('not-found', 'screening_id');
  });

/** Reading is recorded in the transaction that reads. */
export const read = async (tx: Transaction, ground: Ground, screeningId: string, purpose: string, call: Call) =>
  onScreening(tx, ground, screeningId, call, await readerOf(tx, screeningId, purpose, call));

async function readerOf(tx: Transaction, screeningId: string, purpose: string, call: Call): Promise<Decide> {
  const caseReference = await fileOfScreening(tx, screeningId);
  const known = caseReference === undefined ? undefined : await findReference(tx, caseReference);
  const { organisation, person, role } = call.actor;
  return (file) =>
    readScreening(file, screeningId, {
      ...{ organisation, person, purpose, at: call.at, isAuthority: role === 'competent-authority' },
      permissionWithdrawn: known?.permissionWithdrawn ?? true,
    });
}
