import {
  AgeAnswer,
  type IdentificationIntakeServiceService,
  Presence,
} from '@opennrm/contracts/opennrm/identification_intake/v1/service.ts';
import { answer, codeOf, field, oneOf, type RpcsOf, unary } from '@opennrm/runtime';
import { z } from 'zod';
import type { CaseReference } from '../domain/identification-file.ts';
import { concludeIt, type Ground, read, record } from '../handlers/screenings.ts';

type Rpcs = RpcsOf<typeof IdentificationIntakeServiceService>;

const age = oneOf({ [AgeAnswer.ADULT]: 'adult', [AgeAnswer.CHILD]: 'child', [AgeAnswer.UNSURE]: 'unsure' } as const);
const presenceOnWire = {
  present: Presence.PRESENT,
  absent: Presence.ABSENT,
  'not-asked': Presence.NOT_ASKED,
  'prefers-not-to-say': Presence.PREFERS_NOT_TO_SAY,
} as const;
const presence = oneOf({ 1: 'present', 2: 'absent', 3: 'not-asked', 4: 'prefers-not-to-say' });
const ANSWERS_AT_MOST = 200;

/** proto → command: every field checked; then the handler. */
export function rpcs(ground: Ground): Rpcs {
  return {
    recordScreening: unary(
      z.object({
        ...{
          screeningId: field.id,
          caseReference: field.id.transform((id) => id as CaseReference),
          list: field.code,
          age,
        },
        answers: z
          .array(z.object({ indicator: field.code, presence }))
          .max(ANSWERS_AT_MOST, 'must be at most 200 entries'),
        basis: codeOf(ground.pack.bases, 'legal basis'),
      }),
      async (tx, request, call) => {
        const asked = { ...request, ownerOrg: call.actor.organisation, at: call.at };
        const given = await record(tx, ground, asked, call);
        if (given.kind === 'refused') return given;
        const { screeningId, weighed } = given.response;
        const { result, rule, advice, dimensions } = weighed;
        return answer({ screeningId, result, rule, advice, dimensions: [...dimensions] });
      },
    ),
    concludeScreening: unary(
      z.object({
        screeningId: field.id,
        conclusion: z.enum(
          ['indicated', 'not-indicated', 'insufficient'],
          'must be indicated, not-indicated or insufficient',
        ),
        ...{ reason: field.optionalCode, noteId: field.optionalId },
      }),
      async (tx, how, call) => {
        const given = await concludeIt(tx, ground, { ...how, by: call.actor.person }, call);
        return given.kind === 'refused' ? given : answer({ state: given.response.state });
      },
    ),
    getScreening: unary(
      z.object({ screeningId: field.id, purpose: codeOf(ground.pack.purposes, 'purpose') }),
      async (tx, { screeningId, purpose }, call) => {
        const given = await read(tx, ground, screeningId, purpose, call);
        if (given.kind === 'refused') return given;
        const screening = given.response;
        const concluded = screening.state === 'concluded' ? screening : undefined;
        return answer({
          ...{ screeningId, state: screening.state, list: screening.list, rule: screening.weighed.rule },
          ...{
            result: screening.weighed.result,
            conclusion: concluded?.conclusion ?? '',
            reason: concluded?.reason ?? '',
          },
          dimensions: [...screening.weighed.dimensions],
          answers: screening.answers.map((one) => ({
            indicator: one.indicator,
            presence: presenceOnWire[one.presence],
          })),
        });
      },
    ),
  };
}
