import { Outcome } from '@opennrm/contracts/opennrm/identification_intake/v1/deciding.ts';
import {
  IdentificationAge,
  type IdentificationServiceService,
  Pause,
} from '@opennrm/contracts/opennrm/identification_intake/v1/identification.ts';
import { term } from '@opennrm/country/term';
import {
  type Answer,
  answer,
  type Call,
  codeOf,
  FIRST_ID,
  field,
  oneOf,
  pagingBy,
  type RpcsOf,
  type Transaction,
  unary,
} from '@opennrm/runtime';
import { z } from 'zod';
import { confirmDecision, returnDecision } from '../../domain/formal-process/confirming.ts';
import { decide } from '../../domain/formal-process/deciding.ts';
import { extendClock, goOn, requestInformation, suspendProcess } from '../../domain/formal-process/pausing.ts';
import { type FormalProcess, proposalOf } from '../../domain/formal-process/procedure.ts';
import { askForReconsideration } from '../../domain/formal-process/reconsidering.ts';
import { endRecovery, extendRecovery } from '../../domain/formal-process/recovery.ts';
import { takeUp, withdrawProcess } from '../../domain/formal-process/referring.ts';
import { rulesOf } from '../../domain/formal-process/rules.ts';
import { tellHer } from '../../domain/formal-process/telling.ts';
import { adopt } from '../../handlers/adopting.ts';
import type { Ground } from '../../handlers/ground.ts';
import { naming } from '../../handlers/missing-fields.ts';
import { type Act, asReferrer, begin, change, isBarred, otherPowers, read, submit } from '../../handlers/procedures.ts';
import { listProcedures, NEVER } from '../procedure-list.ts';
import { shown, standingOf } from './standing.ts';

type Rpcs = RpcsOf<typeof IdentificationServiceService>;

const processId = field.id;
const age = oneOf({
  [IdentificationAge.ADULT]: 'adult',
  [IdentificationAge.CHILD]: 'child',
  [IdentificationAge.UNSURE]: 'unsure',
} as const);
const outcome = oneOf({
  [Outcome.POSITIVE]: 'positive',
  [Outcome.NEGATIVE]: 'negative',
  [Outcome.DISQUALIFIED]: 'disqualified',
} as const);
const pause = oneOf({ [Pause.INFORMATION]: 'information-requested', [Pause.SUSPENSION]: 'suspended' } as const);
const optionalTerm = z.union([field.none, term]);
const paging = pagingBy({ due: 0, id: FIRST_ID });

/** The formal process: every field checked, the rules asked, and where it stands then. */
export function identificationRpcs(ground: Ground): Rpcs {
  const pack = ground.packs.current;
  const changed = async (tx: Transaction, id: string, call: Call, what: Act) =>
    standing(await change(tx, ground, id, call, what), call);
  return {
    beginIdentification: unary(
      z.object({ processId, caseReference: field.id, authorityId: field.id, age }),
      async (tx, request, call) => {
        const given = await begin(tx, ground, request, call);
        if (given.kind === 'refused') return given;
        const { markerId, authority } = given.response;
        const authorityEnforces = otherPowers(rulesOf(ground.packs.current), authority).length > 0;
        return answer({ standing: standingOf(given.response, call.at), markerId, authorityEnforces });
      },
    ),
    submitIdentification: unary(z.object({ processId, personToldOfPowers: z.boolean() }), async (tx, request, call) =>
      standing(await submit(tx, ground, request.processId, request.personToldOfPowers, call), call),
    ),
    takeUpIdentification: unary(z.object({ processId }), (tx, request, call) =>
      changed(tx, request.processId, call, (procedure) => takeUp(procedure, call.actor)),
    ),
    pauseIdentification: unary(z.object({ processId, pause, ground: field.code }), (tx, request, call) =>
      changed(tx, request.processId, call, (procedure, rules) => {
        const hold = request.pause === 'suspended' ? suspendProcess : requestInformation;
        return hold(procedure, { ground: request.ground, actor: call.actor, at: call.at }, rules);
      }),
    ),
    resumeIdentification: unary(z.object({ processId, pause }), (tx, request, call) =>
      changed(tx, request.processId, call, (procedure, rules) =>
        goOn(procedure, request.pause, { actor: call.actor, at: call.at }, rules),
      ),
    ),
    extendTerm: unary(z.object({ processId, by: term, ground: field.code }), (tx, request, call) =>
      changed(tx, request.processId, call, (procedure, rules) =>
        extendClock(procedure, { by: request.by, ground: request.ground, actor: call.actor, at: call.at }, rules),
      ),
    ),
    decide: unary(
      z.object({
        ...{ processId, decisionId: field.id, outcome, reasons: field.codes, evidence: field.ids },
        noteId: field.optionalId,
      }),
      async (tx, { processId: id, ...verdict }, call) => {
        const given = await naming('decided', (tells) =>
          change(tx, ground, id, call, (procedure, rules) => {
            tells(procedure, rules);
            return decide(procedure, { ...verdict, actor: call.actor, at: call.at }, rules);
          }),
        );
        if (given.kind === 'refused') return given;
        const proposed = proposalOf(given.response) !== undefined;
        return answer({ standing: standingOf(given.response, call.at), proposed });
      },
    ),
    confirmDecision: unary(
      z.object({ processId, decisionId: field.id, returnedBecause: field.optionalCode }),
      (tx, { processId: id, decisionId, returnedBecause: reason }, call) =>
        changed(tx, id, call, (procedure, rules) => {
          const by = { decisionId, actor: call.actor, at: call.at };
          return reason === undefined
            ? confirmDecision(procedure, by, rules)
            : returnDecision(procedure, { ...by, reason }, rules);
        }),
    ),
    recordDecisionTold: unary(
      z.object({
        ...{ processId, decisionId: field.id, form: field.code, language: codeOf(pack.languages, 'language') },
        ...{ interpreterId: field.optionalId, toldAt: field.moment },
      }),
      (tx, { processId: id, ...told }, call) =>
        changed(tx, id, call, (procedure, rules) =>
          tellHer(procedure, { ...told, by: call.actor.person, at: call.at }, rules),
        ),
    ),
    askForReconsideration: unary(z.object({ processId, reasons: field.codes }), (tx, request, call) =>
      changed(
        tx,
        request.processId,
        call,
        asReferrer(call, (procedure, rules) =>
          askForReconsideration(procedure, { by: call.actor.person, reasons: request.reasons, at: call.at }, rules),
        ),
      ),
    ),
    changeRecovery: unary(z.object({ processId, by: optionalTerm, ground: field.code }), (tx, request, call) =>
      changed(tx, request.processId, call, (procedure, rules) =>
        request.by === undefined
          ? endRecovery(procedure, request.ground, call.actor, rules)
          : extendRecovery(
              procedure,
              { by: request.by, ground: request.ground, actor: call.actor, at: call.at },
              rules,
            ),
      ),
    ),
    withdrawIdentification: unary(z.object({ processId }), (tx, request, call) =>
      changed(
        tx,
        request.processId,
        call,
        asReferrer(call, (procedure) => withdrawProcess(procedure, call.actor.person)),
      ),
    ),
    adoptRules: unary(z.object({ processId, ground: field.code }), async (tx, request, call) =>
      standing(await adopt(tx, ground, request, call), call),
    ),
    getIdentification: unary(
      z.object({ processId, purpose: codeOf(pack.purposes, 'purpose') }),
      async (tx, request, call) => {
        const given = await read(tx, ground, request.processId, request.purpose, call);
        return given.kind === 'refused' ? given : answer(shown(given.response, call.actor.organisation, call.at));
      },
    ),
    listIdentifications: unary(
      z.object({ pageSize: field.pageSize, pageToken: paging.pageToken }),
      async (tx, request, call) => {
        const isTold = pack.identification.escalation.some(
          ({ ownerRole, organisationId }) => call.actor.holds(ownerRole) && organisationId === call.actor.organisation,
        );
        const rows = await listProcedures(tx, call.actor, isTold, request.pageToken, request.pageSize);
        return answer({
          identifications: rows.map((row) => ({
            ...{ processId: row.process_id, stage: row.stage, waitsFor: row.waits_for },
            due: row.due === null ? undefined : new Date(row.due),
            ...{
              ...nearness(row.due, pack.identification.dueSoonBeforeMs, call.at),
              escalatedTo: row.escalated_to ?? '',
            },
          })),
          nextPageToken: paging.nextPageToken(rows, request.pageSize, (row) => ({
            ...{ due: row.due ?? NEVER, id: row.process_id },
          })),
        });
      },
    ),
    isRemovalBarred: unary(z.object({ markerId: field.id }), (tx, request, call) =>
      isBarred(tx, request.markerId, call),
    ),
  };
}

const nearness = (due: number | null, soonBefore: number, now: number) => ({
  ...{ overdue: due !== null && due <= now, dueSoon: due !== null && due > now && due - soonBefore <= now },
});

const standing = (given: Answer<FormalProcess>, { at }: Call) =>
  given.kind === 'refused' ? given : answer({ standing: standingOf(given.response, at) });
