import {
  AgeAnswer,
  type IdentificationIntakeServiceService,
  Presence,
} from '@opennrm/contracts/opennrm/identification_intake/v1/service.ts';
import type { CountryPack } from '@opennrm/country';
import { type Answer, answer, codeOf, field, oneOf, type RpcsOf, unary } from '@opennrm/runtime';
import { z } from 'zod';
import type { Evaluation } from '../../domain/screening/evaluation.ts';
import type { Screening, Session } from '../../domain/screening/screening.ts';
import type { CountryData } from '../../handlers/country-data.ts';
import {
  answerScreening,
  begin,
  concludeScreeningById,
  finishScreeningById,
  pauseScreeningById,
  read,
  record,
} from '../../handlers/screenings.ts';

type Rpcs = RpcsOf<typeof IdentificationIntakeServiceService>;

const age = oneOf({
  [AgeAnswer.ADULT]: 'adult',
  [AgeAnswer.CHILD]: 'child',
  [AgeAnswer.UNSURE]: 'unsure',
} as const);
const presenceOnWire = {
  present: Presence.PRESENT,
  absent: Presence.ABSENT,
  'not-asked': Presence.NOT_ASKED,
  'prefers-not-to-say': Presence.PREFERS_NOT_TO_SAY,
} as const;
const presence = oneOf({ 1: 'present', 2: 'absent', 3: 'not-asked', 4: 'prefers-not-to-say' });
const answers = z
  .array(z.object({ indicator: field.code, presence }))
  .max(200, 'must be at most 200 entries');
const screeningId = field.id;
const list = z
  .string()
  .regex(/^[a-z0-9-]{1,64}(@[a-z0-9-]{1,32})?$/, 'must be a list, or a list@version');
const conclusion = z.enum(
  ['indicated', 'not-indicated', 'insufficient'],
  'must be indicated, not-indicated or insufficient',
);
/** The session when the paper does not state how it was held. */
const NOT_RECORDED = { language: undefined, interpreter: undefined, interpreterId: undefined };

const sessionSchema = (pack: CountryPack) =>
  z
    .object(
      {
        language: codeOf(pack.languages, 'language'),
        interpreter: z.boolean(),
        interpreterId: field.optionalId,
      },
      'must say how it is held',
    )
    .refine(({ interpreter, interpreterId }) => interpreter || interpreterId === undefined, {
      path: ['interpreterId'],
      message: 'must be empty where no interpreter was there',
    });
const safety = z
  .object({ speaksFreely: z.boolean(), inDanger: z.boolean() })
  .optional()
  .transform((asked) => ({
    asked: asked !== undefined,
    speaksFreely: false,
    inDanger: false,
    ...asked,
  }));

/** Maps proto to command: checks every field, and calls the handler. */
export function rpcs(country: CountryData): Rpcs {
  const pack = country.packs.current;
  const reason = z.union([
    z.literal('').transform(() => undefined),
    codeOf(pack.identification.conclusionReasons, 'reason of a conclusion'),
  ]);
  /** The pathway of a screening, and the service class that helps on it. */
  const pathwayOf = (screening: Screening) => {
    const pathway = screening.state === 'concluded' ? screening.pathway : '';
    return {
      pathway,
      pathwayServiceClass:
        pathway === 'labour-rights' ? pack.identification.labourRights.serviceClass : '',
    };
  };
  const beginning = {
    screeningId,
    caseReference: field.id,
    list,
    age,
    basis: codeOf(pack.bases, 'legal basis'),
  };
  return {
    recordScreening: unary(
      z.object({ ...beginning, answers, safety, session: sessionSchema(pack).optional() }),
      async (tx, { answers: given, session: sitting = NOT_RECORDED, ...request }, call) => {
        const session = { ...sitting, by: call.actor.person };
        const asked = {
          ...request,
          ownerOrg: call.actor.organisation,
          at: call.at,
          session: session,
        };
        return answered(await record(tx, country, asked, given, call), ({ evaluation }) => ({
          screeningId: request.screeningId,
          ...result(evaluation),
        }));
      },
    ),
    beginScreening: unary(
      z.object({ ...beginning, session: sessionSchema(pack), safety }),
      async (tx, { session: sitting, ...request }, call) => {
        const session = { ...sitting, by: call.actor.person };
        const asked = {
          ...request,
          ownerOrg: call.actor.organisation,
          at: call.at,
          session: session,
        };
        return answered(await begin(tx, country, asked, call), ({ state, listVersion }) => ({
          state,
          listVersion,
        }));
      },
    ),
    giveAnswers: unary(
      z.object({ screeningId, answers, session: sessionSchema(pack), safety }),
      async (tx, { session, ...request }, call) => {
        const given = { ...request, session: { ...session, by: call.actor.person }, at: call.at };
        return answered(
          await answerScreening(tx, country, request.screeningId, given, call),
          (screening) => ({
            state: screening.state,
            sessions: screening.sessions.length,
            answered: screening.answers.length,
          }),
        );
      },
    ),
    pauseScreening: unary(z.object({ screeningId }), async (tx, request, call) =>
      answered(await pauseScreeningById(tx, country, request.screeningId, call), ({ state }) => ({
        state,
      })),
    ),
    finishScreening: unary(z.object({ screeningId }), async (tx, request, call) =>
      answered(
        await finishScreeningById(tx, country, request.screeningId, call),
        ({ evaluation }) => result(evaluation),
      ),
    ),
    concludeScreening: unary(
      z.object({ screeningId, conclusion, reason, noteId: field.optionalId }),
      async (tx, { screeningId: id, ...how }, call) =>
        answered(
          await concludeScreeningById(tx, country, id, { ...how, by: call.actor.person }, call),
          (screening) => ({
            state: screening.state,
            ...pathwayOf(screening),
          }),
        ),
    ),
    getScreening: unary(
      z.object({ screeningId, purpose: codeOf(pack.purposes, 'purpose') }),
      async (tx, request, call) =>
        answered(
          await read(tx, country, request.screeningId, request.purpose, call),
          (screening) => ({
            ...viewOf(screening),
            ...pathwayOf(screening),
          }),
        ),
    ),
  };
}

const answered = <Response>(
  given: Answer<Screening>,
  respond: (screening: Screening) => Response,
): Answer<Response> => (given.kind === 'refused' ? given : answer(respond(given.response)));

const result = (evaluation: Evaluation | undefined) => ({
  result: evaluation?.result ?? '',
  rule: evaluation?.rule ?? '',
  advice: evaluation?.advice ?? '',
  dimensions: (evaluation?.dimensions ?? []).map((one) => ({
    ...one,
    indicators: [...(one.indicators ?? [])],
  })),
});

function viewOf(screening: Screening) {
  const concluded = screening.state === 'concluded' ? screening : undefined;
  const { advice: _advice, ...evaluation } = result(screening.evaluation);
  return {
    screeningId: screening.screeningId,
    state: screening.state,
    list: screening.list,
    ...evaluation,
    conclusion: concluded?.conclusion ?? '',
    reason: concluded?.reason ?? '',
    listVersion: screening.listVersion,
    answers: screening.answers.map((one) => ({
      indicator: one.indicator,
      presence: presenceOnWire[one.presence],
    })),
    sessions: screening.sessions.map(sessionView),
    stopped: screening.stopped.map((one) => ({ ...one, at: new Date(one.at) })),
    changed: screening.changed.map((one) => ({ ...one, before: presenceOnWire[one.before] })),
  };
}

/** An empty language means "not recorded" in older rows. */
const sessionView = ({
  language = '',
  interpreter = false,
  interpreterId = '',
  by,
  at,
}: Session) => ({
  language,
  interpreter,
  interpreterId,
  notRecorded: language === '',
  by,
  at: new Date(at),
});
