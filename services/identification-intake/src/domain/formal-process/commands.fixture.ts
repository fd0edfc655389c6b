import type { Instant } from '@opennrm/runtime/decision';
import { adoptRules } from './adopting.ts';
import { confirmDecision, returnDecision } from './confirming.ts';
import { decide } from './deciding.ts';
import { notifyPerson } from './notifying.ts';
import { extendDeadline, requestInformation, resume, suspendProcess } from './pausing.ts';
import {
  confirming,
  first,
  responder,
  second,
  submission,
  third,
  verdict,
} from './procedure.fixture.ts';
import type { FormalProcess } from './procedure.ts';
import { requestReconsideration } from './reconsidering.ts';
import { endRecovery, extendRecovery } from './recovery.ts';
import { answerForm, submitProcess, takeUp, withdrawProcess } from './referring.ts';
import type { ProcessDecision, Rules } from './rules.ts';

export type Command = (procedure: FormalProcess, rules: Rules, at: Instant) => ProcessDecision;

/** A later version of the same law. */
export const newer = (rules: Rules): Rules => ({
  ...rules,
  id: `${rules.id}-next`,
  version: '2099.1',
});

/** Every command, given by a person who may give it. */
export const commands: Readonly<Record<string, Command>> = {
  'answer form': (procedure, rules, at) =>
    answerForm(
      procedure,
      { changes: { 'pv-gender': ['female'] }, by: responder.person, at },
      rules,
    ),
  submit: (procedure, rules, at) => submitProcess(procedure, submission(at), rules),
  'take up': (procedure) => takeUp(procedure, third),
  'request information': (procedure, rules, at) =>
    requestInformation(procedure, { ground: 'information-missing', actor: first, at }, rules),
  'receive information': (procedure, rules, at) =>
    resume(procedure, 'information-requested', { actor: first, at }, rules),
  suspend: (procedure, rules, at) =>
    suspendProcess(procedure, { ground: 'person-missing', actor: first, at }, rules),
  resume: (procedure, rules, at) => resume(procedure, 'suspended', { actor: first, at }, rules),
  'extend deadline': (procedure, rules, at) =>
    extendDeadline(
      procedure,
      { by: { unit: 'working-days', count: 1 }, ground: 'information-missing', actor: first, at },
      rules,
    ),
  'decide: positive': (procedure, rules, at) =>
    decide(procedure, verdict('positive', third, at), rules),
  'decide: negative': (procedure, rules, at) =>
    decide(procedure, verdict('negative', third, at), rules),
  disqualify: (procedure, rules, at) =>
    decide(procedure, verdict('disqualified', third, at), rules),
  confirm: (procedure, rules, at) => confirmDecision(procedure, confirming(second, at), rules),
  return: (procedure, rules, at) =>
    returnDecision(procedure, { ...confirming(second, at), reason: 'not-reasoned' }, rules),
  'notify person': (procedure, rules, at) => {
    const decisionId = procedure.decisions[0]?.decisionId ?? '';
    const how = {
      form: 'in-writing',
      language: 'en',
      interpreterId: undefined,
      by: responder.person,
    };
    return notifyPerson(procedure, { decisionId, ...how, notifiedAt: at, at }, rules);
  },
  'request reconsideration': (procedure, rules, at) =>
    requestReconsideration(
      procedure,
      { by: responder.person, reasons: ['new-information'], at },
      rules,
    ),
  'extend recovery': (procedure, rules, at) =>
    extendRecovery(
      procedure,
      { by: { unit: 'days', count: 10 }, ground: 'health', actor: first, at },
      rules,
    ),
  'end recovery early': (procedure, rules) => endRecovery(procedure, 'public-order', first, rules),
  'adopt newer rules': (procedure, rules, at) =>
    adoptRules(procedure, { ground: 'law-changed', actor: first, at }, rules, newer(rules)),
  withdraw: (procedure) => withdrawProcess(procedure, responder.person),
};
