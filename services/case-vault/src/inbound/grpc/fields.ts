import type { CountryPack } from '@opennrm/country';
import {
  type Answer,
  answer,
  type Call,
  codeOf,
  codesOf,
  field,
  LATEST_ID,
  Personal,
  pagingBy,
} from '@opennrm/runtime';
import { z } from 'zod';
import type { CaseId } from '../../domain/case-file.ts';
import type { ConsentDetails } from '../../domain/permission/consent-records.ts';

export const caseId = field.id.transform((id) => id as CaseId);

/** The vault's id of a case, or a hold of the provider. */
export const subject = {
  caseId: field.optionalId,
  holdId: field.optionalId,
  personId: field.optionalId,
};
export const named = (one: { caseId: string | undefined; holdId: string | undefined }): boolean =>
  (one.caseId === undefined) !== (one.holdId === undefined);
export const either = { path: ['caseId'], message: 'must be given, or hold_id, not both' };

/** Content becomes `Personal` here, so that no handler holds it as plain text. */
export const sealedText = (atMost: number) =>
  z
    .string()
    .min(1, 'must not be empty')
    .max(atMost, `must be at most ${atMost} characters`)
    .transform((content) => new Personal(content));

/** Paging for lists in the order newest first. */
export const newestFirst = pagingBy({ at: Number.MAX_SAFE_INTEGER, id: LATEST_ID });

export const sectionList = (pack: CountryPack) => codesOf(pack.sections, 'section', { least: 1 });

const views = ['agrees', 'disagrees', 'cannot-say'] as const;

/** The fields of a permission and of a denial that describe how it was given. */
export const howGiven = (pack: CountryPack) => ({
  form: z.enum(['spoken', 'written', 'signed'], 'must be spoken, written or signed'),
  language: codeOf(pack.languages, 'language'),
  interpreter: z.boolean(),
  interpreterId: field.optionalId,
  witnessId: field.optionalId,
  explained: codesOf(pack.consent.explanations, 'explanation'),
  guardianId: field.optionalId,
  childView: z.union([field.none, z.enum(views, `must be empty or one of ${views.join(', ')}`)]),
  givenAt: field.optionalMoment,
});

type HowGiven = {
  [Name in keyof ReturnType<typeof howGiven>]: z.infer<ReturnType<typeof howGiven>[Name]>;
};

/** Separates how a permission or denial was given from the rest of the request. */
export function given<Rest>(request: HowGiven & Rest, call: Call) {
  const {
    form,
    language,
    interpreter,
    interpreterId,
    witnessId,
    explained,
    guardianId,
    childView,
    givenAt,
    ...rest
  } = request;
  const how: ConsentDetails = {
    form,
    language,
    interpreter,
    interpreterId,
    witnessId,
    explained,
    guardianId,
    childView,
    at: givenAt ?? call.at,
    recordedBy: call.actor.person,
  };
  return { rest, how };
}

/** Maps the answer of a handler to the response of the wire; a refusal stays as it is. */
export const mapAnswer = <Found, Response>(
  found: Answer<Found>,
  toResponse: (of: Found) => Response,
): Answer<Response> => (found.kind === 'refused' ? found : answer(toResponse(found.response)));

/** The only place where content is revealed: into the answer of the call that has just logged the disclosure. */
export const revealed = <Found extends { readonly content: Personal<string> }>(
  found: Answer<Found>,
) => mapAnswer(found, (one) => ({ ...one, content: one.content.reveal() }));

export const dateOf = (at: number | undefined): Date | undefined =>
  at === undefined ? undefined : new Date(at);
