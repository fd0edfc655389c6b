import {
  IdentificationAge,
  type IdentificationServiceService,
  Outcome,
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
import { adoptRules } from '../../domain/formal-process/adopting.ts';
import { readProcedure } from '../../domain/formal-process/asking.ts';
import { confirmDecision, returnDecision } from '../../domain/formal-process/confirming.ts';
import { decide } from '../../domain/formal-process/deciding.ts';
import { extendClock, goOn, requestInformation, suspendProcess } from '../../domain/formal-process/pausing.ts';
import { type FormalProcess, proposalOf } from '../../domain/formal-process/procedure.ts';
import { askForReconsideration } from '../../domain/formal-process/reconsidering.ts';
import { endRecovery, extendRecovery } from '../../domain/formal-process/recovery.ts';
import { takeUp, withdrawProcess } from '../../domain/formal-process/referring.ts';
import { type ProcessDecision, type Rules, rulesOf } from '../../domain/formal-process/rules.ts';
import type { Ground } from '../../handlers/ground.ts';
import { withFields } from '../../handlers/missing-fields.ts';
import { asReferrer, begin, change, isBarred, submit } from '../../handlers/procedures.ts';
import { listProcedures, NEVER } from '../procedure-list.ts';
import { noticing } from './notices.ts';
import { decisionOf, standingOf } from './standing.ts';

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

type Decide = (procedure: FormalProcess, rules: Rules) => ProcessDecision | Promise<ProcessDecision>;

/** The formal process: every field checked, the rules asked, and where it stands then. */
export function identificationRpcs(ground: Ground): Rpcs {
  const changed = async (tx: Transaction, id: string, call: Call, what: Decide) =>
    standing(await change(tx, ground, id, call, what), call);
  return {
    beginIdentification: unary(
      z.object({ processId, caseReference: field.id, authorityId: field.id, age }),
      async (tx, request, call) => {
        const given = await begin(tx, ground, request, call);
        if (given.kind === 'refused') return given;
        const { markerId, authority } = given.response;
        const body = rulesOf(ground.packs.current).authorities.find((one) => one.organisationId === authority);
        const authorityEnforces = body?.powers.some((power) => power !== 'identification') ?? false;
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
        const given = await change(tx, ground, id, call, (procedure, rules) =>
          decide(procedure, { ...verdict, actor: call.actor, at: call.at }, rules),
        );
        if (given.kind === 'refused') return withFields(tx, ground, id, given, 'decided');
        const proposed = proposalOf(given.response) !== undefined;
        return answer({ standing: standingOf(given.response, call.at), proposed });
      },
    ),
    confirmDecision: unary(z.object({ processId, returnedBecause: field.optionalCode }), (tx, request, call) =>
      changed(tx, request.processId, call, (procedure, rules) =>
        request.returnedBecause === undefined
          ? confirmDecision(procedure, call.actor, call.at, rules)
          : returnDecision(procedure, call.actor, request.returnedBecause, rules),
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
    adoptRules: unary(z.object({ processId, ground: field.code }), (tx, request, call) =>
      changed(tx, request.processId, call, (procedure, rules) =>
        adoptRules(
          procedure,
          { ground: request.ground, actor: call.actor, at: call.at },
          rules,
          rulesOf(ground.packs.current),
        ),
      ),
    ),
    getIdentification: unary(
      z.object({ processId, purpose: codeOf(ground.packs.current.purposes, 'purpose') }),
      async (tx, request, call) => {
        const given = await change(tx, ground, request.processId, call, (procedure) =>
          readProcedure(procedure, { ...call.actor, purpose: request.purpose, at: call.at }),
        );
        if (given.kind === 'refused') return given;
        const { decisions, recovery } = given.response;
        return answer({
          ...{ standing: standingOf(given.response, call.at), decisions: decisions.map(decisionOf) },
          recovery: recovery?.state ?? '',
        });
      },
    ),
    listIdentifications: unary(
      z.object({ pageSize: field.pageSize, pageToken: paging.pageToken }),
      async (tx, request, call) => {
        const rows = await listProcedures(tx, call.actor, request.pageToken, request.pageSize);
        return answer({
          identifications: rows.map((row) => ({
            ...{ processId: row.process_id, stage: row.stage, waitsFor: row.waits_for },
            due: row.due === null ? undefined : new Date(row.due),
            ...{ overdue: row.due !== null && row.due <= call.at, escalatedTo: row.escalated_to ?? '' },
          })),
          nextPageToken: paging.nextPageToken(rows, request.pageSize, (row) => ({
            ...{ due: row.due ?? NEVER, id: row.process_id },
          })),
        });
      },
    ),
    isRemovalBarred: unary(z.object({ markerId: field.id }), (tx, request, call) =>
      isBarred(tx, ground, request.markerId, call),
    ),
    ...noticing(ground),
  };
}

const standing = (given: Answer<FormalProcess>, { at }: Call) =>
  given.kind === 'refused' ? given : answer({ standing: standingOf(given.response, at) });
