import { Outcome } from '@opennrm/contracts/opennrm/identification_intake/v1/deciding.ts';
import {
  IdentificationAge,
  type IdentificationServiceService,
} from '@opennrm/contracts/opennrm/identification_intake/v1/identification.ts';
import { Pause } from '@opennrm/contracts/opennrm/identification_intake/v1/identification_term.ts';
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
import { notifyPerson } from '../../domain/formal-process/notifying.ts';
import {
  extendDeadline,
  requestInformation,
  resume,
  suspendProcess,
} from '../../domain/formal-process/pausing.ts';
import { type FormalProcess, proposalOf } from '../../domain/formal-process/procedure.ts';
import { requestReconsideration } from '../../domain/formal-process/reconsidering.ts';
import { endRecovery, extendRecovery } from '../../domain/formal-process/recovery.ts';
import { takeUp, withdrawProcess } from '../../domain/formal-process/referring.ts';
import { rulesOf } from '../../domain/formal-process/rules.ts';
import { adopt } from '../../handlers/adopting.ts';
import type { CountryData } from '../../handlers/country-data.ts';
import { withMissingFields } from '../../handlers/missing-fields.ts';
import {
  type Act,
  asReferrer,
  begin,
  change,
  isBarred,
  otherPowers,
  read,
  submit,
} from '../../handlers/procedures.ts';
import { listProcedures, NEVER } from '../../outbound/procedure-list.ts';
import { shown, stateView } from './identification-state.ts';

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
const pause = oneOf({
  [Pause.INFORMATION]: 'information-requested',
  [Pause.SUSPENSION]: 'suspended',
} as const);
const optionalTerm = z.union([field.none, term]);
const paging = pagingBy({ due: 0, id: FIRST_ID });

/** The rpcs of the formal process: each checks every field, applies the rules, and answers with the new state. */
export function identificationRpcs(country: CountryData): Rpcs {
  const pack = country.packs.current;
  const changed = async (tx: Transaction, id: string, call: Call, what: Act) =>
    stateAnswer(await change(tx, country, id, call, what), call);
  return {
    beginIdentification: unary(
      z.object({ processId, caseReference: field.id, authorityId: field.id, age }),
      async (tx, request, call) => {
        const given = await begin(tx, country, request, call);
        if (given.kind === 'refused') return given;
        const { markerId, authority } = given.response;
        const authorityEnforces = otherPowers(rulesOf(country.packs.current), authority).length > 0;
        return answer({ state: stateView(given.response, call.at), markerId, authorityEnforces });
      },
    ),
    submitIdentification: unary(
      z.object({ processId, personInformedOfPowers: z.boolean() }),
      async (tx, request, call) =>
        stateAnswer(
          await submit(tx, country, request.processId, request.personInformedOfPowers, call),
          call,
        ),
    ),
    takeUpIdentification: unary(z.object({ processId }), (tx, request, call) =>
      changed(tx, request.processId, call, (procedure) => takeUp(procedure, call.actor)),
    ),
    pauseIdentification: unary(
      z.object({ processId, pause, ground: field.code }),
      (tx, request, call) =>
        changed(tx, request.processId, call, (procedure, rules) => {
          const pauseStep = request.pause === 'suspended' ? suspendProcess : requestInformation;
          return pauseStep(
            procedure,
            { ground: request.ground, actor: call.actor, at: call.at },
            rules,
          );
        }),
    ),
    resumeIdentification: unary(z.object({ processId, pause }), (tx, request, call) =>
      changed(tx, request.processId, call, (procedure, rules) =>
        resume(procedure, request.pause, { actor: call.actor, at: call.at }, rules),
      ),
    ),
    extendTerm: unary(z.object({ processId, by: term, ground: field.code }), (tx, request, call) =>
      changed(tx, request.processId, call, (procedure, rules) =>
        extendDeadline(
          procedure,
          { by: request.by, ground: request.ground, actor: call.actor, at: call.at },
          rules,
        ),
      ),
    ),
    decide: unary(
      z.object({
        processId,
        decisionId: field.id,
        outcome,
        reasons: field.codes,
        evidence: field.ids,
        noteId: field.optionalId,
      }),
      async (tx, { processId: id, ...verdict }, call) => {
        const given = await withMissingFields('decided', (report) =>
          change(tx, country, id, call, (procedure, rules) => {
            report(procedure, rules);
            return decide(procedure, { ...verdict, actor: call.actor, at: call.at }, rules);
          }),
        );
        if (given.kind === 'refused') return given;
        const proposed = proposalOf(given.response) !== undefined;
        return answer({ state: stateView(given.response, call.at), proposed });
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
    recordNotification: unary(
      z.object({
        processId,
        decisionId: field.id,
        form: field.code,
        language: codeOf(pack.languages, 'language'),
        interpreterId: field.optionalId,
        notifiedAt: field.moment,
      }),
      (tx, { processId: id, ...notification }, call) =>
        changed(tx, id, call, (procedure, rules) =>
          notifyPerson(procedure, { ...notification, by: call.actor.person, at: call.at }, rules),
        ),
    ),
    requestReconsideration: unary(
      z.object({ processId, reasons: field.codes }),
      (tx, request, call) =>
        changed(
          tx,
          request.processId,
          call,
          asReferrer(call, (procedure, rules) =>
            requestReconsideration(
              procedure,
              { by: call.actor.person, reasons: request.reasons, at: call.at },
              rules,
            ),
          ),
        ),
    ),
    changeRecovery: unary(
      z.object({ processId, by: optionalTerm, ground: field.code }),
      (tx, request, call) =>
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
      stateAnswer(await adopt(tx, country, request, call), call),
    ),
    getIdentification: unary(
      z.object({ processId, purpose: codeOf(pack.purposes, 'purpose') }),
      async (tx, request, call) => {
        const given = await read(tx, country, request.processId, request.purpose, call);
        return given.kind === 'refused'
          ? given
          : answer(shown(given.response, call.actor.organisation, call.at));
      },
    ),
    listIdentifications: unary(
      z.object({ pageSize: field.pageSize, pageToken: paging.pageToken }),
      async (tx, request, call) => {
        const isNotified = pack.identification.escalation.some(
          ({ ownerRole, organisationId }) =>
            call.actor.holds(ownerRole) && organisationId === call.actor.organisation,
        );
        const rows = await listProcedures(
          tx,
          call.actor,
          isNotified,
          request.pageToken,
          request.pageSize,
        );
        return answer({
          identifications: rows.map((row) => ({
            processId: row.process_id,
            stage: row.stage,
            waitsFor: row.waits_for,
            due: row.due === null ? undefined : new Date(row.due),
            ...nearness(row.due, pack.identification.dueSoonBeforeMs, call.at),
            escalatedTo: row.escalated_to ?? '',
          })),
          nextPageToken: paging.nextPageToken(rows, request.pageSize, (row) => ({
            due: row.due ?? NEVER,
            id: row.process_id,
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
  overdue: due !== null && due <= now,
  dueSoon: due !== null && due > now && due - soonBefore <= now,
});

const stateAnswer = (given: Answer<FormalProcess>, { at }: Call) =>
  given.kind === 'refused' ? given : answer({ state: stateView(given.response, at) });
