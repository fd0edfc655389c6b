import { answerFrom, type Outcome } from '@opennrm/messaging';
import { type Answer, type Call, refused, type Transaction } from '@opennrm/runtime';
import { type Decision, refuse } from '@opennrm/runtime/decision';
import {
  type IdentificationEvent,
  type IdentificationFile,
  onScreening,
} from '../domain/identification-file.ts';
import { type Conclusion, concludeAs, readScreening } from '../domain/screening/concluding.ts';
import type { IndicatorAnswer } from '../domain/screening/evaluation.ts';
import type { Screening, ScreeningEvent } from '../domain/screening/screening.ts';
import {
  type Answering,
  beginScreening,
  finishScreening,
  giveAnswers,
  pauseScreening,
  recordScreening,
  type ScreeningBeginning,
  type ScreeningRefusal,
} from '../domain/screening/session.ts';
import { fileOfScreening, identificationFiles } from '../outbound/identification-files.ts';
import { isPermitted } from '../outbound/permissions.ts';
import { isKnown } from '../outbound/references.ts';
import { type CountryData, contextOf } from './country-data.ts';

type Begin = (screenings: readonly Screening[]) => Decision<ScreeningEvent, ScreeningRefusal>;

/** Adds a screening; the first one begins the file. A reference that the vault has not announced yet may still arrive. */
async function addScreening(
  tx: Transaction,
  country: CountryData,
  { caseReference, screeningId }: Pick<ScreeningBeginning, 'caseReference' | 'screeningId'>,
  call: Call,
  decide: Begin,
): Promise<Answer<Screening>> {
  if (!(await isKnown(tx, caseReference))) return refused('not-known-yet', 'case_reference');
  if (await fileOfScreening(tx, screeningId)) return refused('already-exists', 'screening_id');
  const context = contextOf(call, country.packs.current.id);
  const created = await identificationFiles.create(tx, caseReference, decide([]), context);
  if (created.kind !== 'refused' || created.refusal !== 'already-exists')
    return answered(created, screeningId);
  const changed = await identificationFiles.change(tx, caseReference, context, (file) =>
    decide(file.screenings),
  );
  return answered(changed, screeningId);
}

/** When the person was not safe, this is recorded and the caller is refused. */
function answered(
  outcome: Outcome<IdentificationFile, IdentificationEvent, string>,
  screeningId: string,
): Answer<Screening> {
  if (outcome.kind === 'accepted' && outcome.events.some(({ type }) => type === 'ScreeningStopped'))
    return refused('not-safe', 'safety');
  return answerFrom(outcome, (file) => screeningOf(file, screeningId), 'screening_id');
}

export const begin = (
  tx: Transaction,
  country: CountryData,
  beginning: ScreeningBeginning,
  call: Call,
) =>
  addScreening(tx, country, beginning, call, (screenings) =>
    beginScreening(screenings, beginning, country.lists),
  );

export const record = (
  tx: Transaction,
  country: CountryData,
  beginning: ScreeningBeginning,
  answers: readonly IndicatorAnswer[],
  call: Call,
) =>
  addScreening(tx, country, beginning, call, (screenings) =>
    recordScreening(screenings, beginning, answers, country.lists),
  );

type Decide = (screening: Screening) => Decision<IdentificationEvent, ScreeningRefusal>;

async function change(
  tx: Transaction,
  country: CountryData,
  screeningId: string,
  call: Call,
  decide: Decide,
): Promise<Answer<Screening>> {
  const caseReference = await fileOfScreening(tx, screeningId);
  if (!caseReference) return refused('not-found', 'screening_id');
  const context = contextOf(call, country.packs.current.id);
  const outcome = await identificationFiles.change(tx, caseReference, context, (file) =>
    onScreening(file, screeningId, decide),
  );
  return answered(outcome, screeningId);
}

const screeningOf = (file: IdentificationFile, screeningId: string): Screening => {
  const screening = file.screenings.find((one) => one.screeningId === screeningId);
  if (!screening) throw new Error('a stored screening is not in its file');
  return screening;
};

/** Allows an act only to the organisation that screens; for any other the screening does not exist. */
const asScreener =
  (call: Call, decide: Decide): Decide =>
  (screening) =>
    screening.ownerOrg === call.actor.organisation
      ? decide(screening)
      : refuse('not-found', 'screening_id');

export const answerScreening = (
  tx: Transaction,
  country: CountryData,
  screeningId: string,
  given: Answering,
  call: Call,
) =>
  change(
    tx,
    country,
    screeningId,
    call,
    asScreener(call, (screening) => giveAnswers(screening, given, country.lists)),
  );

export const pauseScreeningById = (
  tx: Transaction,
  country: CountryData,
  screeningId: string,
  call: Call,
) =>
  change(
    tx,
    country,
    screeningId,
    call,
    asScreener(call, (screening) => pauseScreening(screening, call.at)),
  );

export const finishScreeningById = (
  tx: Transaction,
  country: CountryData,
  screeningId: string,
  call: Call,
) =>
  change(
    tx,
    country,
    screeningId,
    call,
    asScreener(call, (screening) => finishScreening(screening, country.lists)),
  );

/** The caller as a reader: whether it is an authority of the country, and whether it has a permission. */
async function readerOf(
  tx: Transaction,
  country: CountryData,
  screeningId: string,
  { actor, at }: Call,
) {
  const { organisation, person } = actor;
  const caseReference = await fileOfScreening(tx, screeningId);
  const { authorities } = country.packs.current.identification;
  return {
    organisation,
    person,
    at,
    isAuthority:
      actor.holds(AUTHORITY) && authorities.some((one) => one.organisationId === organisation),
    permitted:
      caseReference !== undefined && (await isPermitted(tx, caseReference, organisation, at)),
  };
}

const AUTHORITY = 'competent-authority';

/** Concludes a screening, for the organisation that screened or an authority that may read it. */
export async function concludeScreeningById(
  tx: Transaction,
  country: CountryData,
  screeningId: string,
  how: Conclusion,
  call: Call,
) {
  const reader = await readerOf(tx, country, screeningId, call);
  return change(tx, country, screeningId, call, (screening) => concludeAs(screening, reader, how));
}

/** Reads a screening. The read is recorded in the same transaction. */
export async function read(
  tx: Transaction,
  country: CountryData,
  screeningId: string,
  purpose: string,
  call: Call,
) {
  const reader = { ...(await readerOf(tx, country, screeningId, call)), purpose };
  return change(tx, country, screeningId, call, (screening) => readScreening(screening, reader));
}
