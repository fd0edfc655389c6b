import {
  AgeAnswer,
  type IdentificationIntakeServiceService,
  Presence,
} from '@opennrm/contracts/opennrm/identification_intake/v1/service.ts';
import type { CountryPack } from '@opennrm/country';
import { type Answer, answer, codeOf, field, oneOf, type RpcsOf, unary } from '@opennrm/runtime';
import { z } from 'zod';
import type { Screening } from '../../domain/screening/screening.ts';
import type { Weighed } from '../../domain/screening/weighing.ts';
import type { Ground } from '../../handlers/ground.ts';
import { answerIt, begin, concludeIt, finishIt, pauseIt, read, record } from '../../handlers/screenings.ts';

type Rpcs = RpcsOf<typeof IdentificationIntakeServiceService>;

const age = oneOf({ [AgeAnswer.ADULT]: 'adult', [AgeAnswer.CHILD]: 'child', [AgeAnswer.UNSURE]: 'unsure' } as const);
const presenceOnWire = {
  present: Presence.PRESENT,
  absent: Presence.ABSENT,
  'not-asked': Presence.NOT_ASKED,
  'prefers-not-to-say': Presence.PREFERS_NOT_TO_SAY,
} as const;
const presence = oneOf({ 1: 'present', 2: 'absent', 3: 'not-asked', 4: 'prefers-not-to-say' });
const answers = z.array(z.object({ indicator: field.code, presence })).max(200, 'must be at most 200 entries');
const screeningId = field.id;
const list = z.string().regex(/^[a-z0-9-]{1,64}(@[a-z0-9-]{1,32})?$/, 'must be a list, or a list@version');
const conclusion = z.enum(
  ['indicated', 'not-indicated', 'insufficient'],
  'must be indicated, not-indicated or insufficient',
);
/** What was asked on paper was asked before it was written down. */
const ASKED_ON_PAPER = { asked: true, speaksFreely: true, inDanger: false };
const ON_PAPER = { language: '', interpreter: false };

const sittingOf = (pack: CountryPack) =>
  z.object({ language: codeOf(pack.languages, 'language'), interpreter: z.boolean() }, 'must say how it is held');
const safety = z
  .object({ speaksFreely: z.boolean(), inDanger: z.boolean() })
  .optional()
  .transform((asked) => ({ asked: asked !== undefined, speaksFreely: false, inDanger: false, ...asked }));

/** proto → command: every field checked; then the handler. */
export function rpcs(ground: Ground): Rpcs {
  const pack = ground.packs.current;
  const beginning = { screeningId, caseReference: field.id, list, age, basis: codeOf(pack.bases, 'legal basis') };
  return {
    recordScreening: unary(z.object({ ...beginning, answers }), async (tx, { answers: given, ...request }, call) => {
      const sitting = { ...ON_PAPER, by: call.actor.person };
      const asked = { ...request, ownerOrg: call.actor.organisation, at: call.at, sitting, safety: ASKED_ON_PAPER };
      return answered(await record(tx, ground, asked, given, call), ({ weighed }) => ({
        ...{ screeningId: request.screeningId, ...result(weighed) },
      }));
    }),
    beginScreening: unary(
      z.object({ ...beginning, sitting: sittingOf(pack), safety }),
      async (tx, { sitting, ...request }, call) => {
        const held = { ...sitting, by: call.actor.person };
        const asked = { ...request, ownerOrg: call.actor.organisation, at: call.at, sitting: held };
        return answered(await begin(tx, ground, asked, call), ({ state, listVersion }) => ({ state, listVersion }));
      },
    ),
    giveAnswers: unary(
      z.object({ screeningId, answers, sitting: sittingOf(pack) }),
      async (tx, { sitting, ...request }, call) => {
        const given = { answers: request.answers, sitting: { ...sitting, by: call.actor.person }, at: call.at };
        return answered(await answerIt(tx, ground, request.screeningId, given, call), (screening) => ({
          ...{ state: screening.state, sittings: screening.sittings.length, answered: screening.answers.length },
        }));
      },
    ),
    pauseScreening: unary(z.object({ screeningId }), async (tx, request, call) =>
      answered(await pauseIt(tx, ground, request.screeningId, call), ({ state }) => ({ state })),
    ),
    finishScreening: unary(z.object({ screeningId }), async (tx, request, call) =>
      answered(await finishIt(tx, ground, request.screeningId, call), ({ weighed }) => result(weighed)),
    ),
    concludeScreening: unary(
      z.object({ screeningId, conclusion, reason: field.optionalCode, noteId: field.optionalId }),
      async (tx, { screeningId: id, ...how }, call) =>
        answered(await concludeIt(tx, ground, id, { ...how, by: call.actor.person }, call), (screening) => ({
          ...{ state: screening.state, road: screening.state === 'concluded' ? screening.road : 'none' },
        })),
    ),
    getScreening: unary(
      z.object({ screeningId, purpose: codeOf(pack.purposes, 'purpose') }),
      async (tx, request, call) => answered(await read(tx, ground, request.screeningId, request.purpose, call), viewOf),
    ),
  };
}

const answered = <Response>(given: Answer<Screening>, respond: (screening: Screening) => Response): Answer<Response> =>
  given.kind === 'refused' ? given : answer(respond(given.response));

const result = (weighed: Weighed | undefined) => ({
  ...{ result: weighed?.result ?? '', rule: weighed?.rule ?? '', advice: weighed?.advice ?? '' },
  dimensions: [...(weighed?.dimensions ?? [])],
});

function viewOf(screening: Screening) {
  const concluded = screening.state === 'concluded' ? screening : undefined;
  const { advice: _advice, ...weighed } = result(screening.weighed);
  return {
    ...{ screeningId: screening.screeningId, state: screening.state, list: screening.list, ...weighed },
    ...{ conclusion: concluded?.conclusion ?? '', reason: concluded?.reason ?? '', listVersion: screening.listVersion },
    answers: screening.answers.map((one) => ({ indicator: one.indicator, presence: presenceOnWire[one.presence] })),
    sittings: screening.sittings.map(({ language, interpreter }) => ({ language, interpreter })),
    changed: screening.changed.map((one) => ({ ...one, before: presenceOnWire[one.before] })),
  };
}
