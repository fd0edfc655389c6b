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

/** The vault's id of a case, or the hold under which a provider knows the person. */
export const subject = {
  caseId: field.optionalId,
  holdId: field.optionalId,
  personId: field.optionalId,
};
export const named = (one: { caseId: string | undefined; holdId: string | undefined }): boolean =>
  (one.caseId === undefined) !== (one.holdId === undefined);
export const either = { path: ['caseId'], message: 'must be given, or hold_id, not both' };

/** Words become `Personal` here and are plain nowhere. */
export const sealedText = (atMost: number) =>
  z
    .string()
    .min(1, 'must not be empty')
    .max(atMost, `must be at most ${atMost} characters`)
    .transform((content) => new Personal(content));

/** A list that begins with the newest. */
export const newestFirst = pagingBy({ at: Number.MAX_SAFE_INTEGER, id: LATEST_ID });

export const sectionList = (pack: CountryPack) => codesOf(pack.sections, 'section', { least: 1 });

const views = ['agrees', 'disagrees', 'cannot-say'] as const;

/** How a yes or a no was given: the fields that both have. */
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

/** What stands in the record of a yes or a no, and the rest of the request. */
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

/** Answers with what a handler found, in the words of the wire. */
export const mapAnswer = <Found, Response>(
  found: Answer<Found>,
  toResponse: (of: Found) => Response,
): Answer<Response> => (found.kind === 'refused' ? found : answer(toResponse(found.response)));

/** The one place where words leave: into the answer of the call that was just recorded as a disclosure. */
export const revealed = <Told extends { readonly content: Personal<string> }>(
  found: Answer<Told>,
) => mapAnswer(found, (told) => ({ ...told, content: told.content.reveal() }));

export const dateOf = (at: number | undefined): Date | undefined =>
  at === undefined ? undefined : new Date(at);
