import { after } from '@opennrm/runtime/decision';
import { confirmDecision, returnDecision } from './confirming.ts';
import { decide } from './deciding.ts';
import { extendClock, goOn, requestInformation, suspendProcess } from './pausing.ts';
import {
  beginning,
  confirming,
  DAY_MS,
  first,
  noon,
  pending,
  positive,
  responder,
  Story,
  second,
  submission,
  third,
  verdict,
} from './procedure.fixture.ts';
import type { FormalProcess } from './procedure.ts';
import { askForReconsideration } from './reconsidering.ts';
import { endRecovery, extendRecovery } from './recovery.ts';
import { beginProcess, submitProcess, takeUp, withdrawProcess } from './referring.ts';
import type { ProcessDecision, Rules } from './rules.ts';
import { timePasses } from './time-passes.ts';

/** A day of the story after its beginning, at noon. */
const day = (nth: number) => after(noon, nth * DAY_MS);
const RECOVERED = day(40);

/** Every state in which a process can be, by the shortest way there. */
export const states: Readonly<Record<string, (rules: Rules) => FormalProcess | undefined>> = {
  'no process': () => undefined,
  draft: (rules) => new Story().begin(beginning(), rules).fill(rules).now(),
  submitted: (rules) =>
    new Story()
      .begin(beginning(), rules)
      .fill(rules)
      .next((procedure) => submitProcess(procedure, submission(), rules))
      .now(),
  'first step pending': (rules) => pending(rules).now(),
  'no proposed, to be confirmed': (rules) =>
    pending(rules)
      .next((procedure) => decide(procedure, verdict('negative'), rules))
      .now(),
  'information requested': (rules) =>
    pending(rules)
      .next((procedure) =>
        requestInformation(procedure, { ground: 'information-missing', actor: first, at: noon }, rules),
      )
      .now(),
  suspended: (rules) =>
    pending(rules)
      .next((procedure) => suspendProcess(procedure, { ground: 'person-missing', actor: first, at: noon }, rules))
      .now(),
  'last step pending, she recovers': (rules) => positive(rules).now(),
  'last step pending, recovered': (rules) => recovered(rules).now(),
  'decided: no, may be asked again': (rules) => negative(rules).now(),
  'no, to be looked at again': (rules) =>
    negative(rules)
      .next((procedure) =>
        askForReconsideration(procedure, { by: responder.person, reasons: ['new-information'], at: noon }, rules),
      )
      .now(),
  'decided: no, for good': (rules) =>
    negative(rules)
      .next((procedure) => timePasses(procedure, day(60)))
      .now(),
  'decided: yes': (rules) => decidedYes(rules).now(),
  'decided: yes, to be taken back': (rules) =>
    decidedYes(rules)
      .next((procedure) => decide(procedure, verdict('disqualified'), rules))
      .now(),
  'withdrawn by her': (rules) =>
    pending(rules)
      .next((procedure) => withdrawProcess(procedure, responder.person))
      .now(),
  disqualified: (rules) =>
    positive(rules)
      .next((procedure) => decide(procedure, verdict('disqualified'), rules))
      .next((procedure) => confirmDecision(procedure, confirming(second, noon), rules))
      .now(),
};

const recovered = (rules: Rules): Story => positive(rules).next((procedure) => timePasses(procedure, RECOVERED));
const decidedYes = (rules: Rules): Story =>
  recovered(rules).next((procedure) => decide(procedure, verdict('positive', first, RECOVERED), rules));
const negative = (rules: Rules): Story =>
  pending(rules)
    .next((procedure) => decide(procedure, verdict('negative'), rules))
    .next((procedure) => confirmDecision(procedure, confirming(second, noon), rules));

type Command = (procedure: FormalProcess, rules: Rules) => ProcessDecision;

/** Every command, as somebody who may give it gives it. */
export const commands: Readonly<Record<string, Command>> = {
  submit: (procedure, rules) => submitProcess(procedure, submission(), rules),
  'take up': (procedure) => takeUp(procedure, first),
  'request information': (procedure, rules) =>
    requestInformation(procedure, { ground: 'information-missing', actor: first, at: noon }, rules),
  'receive information': (procedure, rules) =>
    goOn(procedure, 'information-requested', { actor: first, at: noon }, rules),
  suspend: (procedure, rules) => suspendProcess(procedure, { ground: 'person-missing', actor: first, at: noon }, rules),
  'go on': (procedure, rules) => goOn(procedure, 'suspended', { actor: first, at: noon }, rules),
  'give more time': (procedure, rules) =>
    extendClock(
      procedure,
      { by: { unit: 'working-days', count: 1 }, ground: 'information-missing', actor: first, at: noon },
      rules,
    ),
  'decide: yes': (procedure, rules) => decide(procedure, verdict('positive', third), rules),
  'decide: no': (procedure, rules) => decide(procedure, verdict('negative', third), rules),
  disqualify: (procedure, rules) => decide(procedure, verdict('disqualified', third), rules),
  confirm: (procedure, rules) => confirmDecision(procedure, confirming(second, noon), rules),
  return: (procedure, rules) => returnDecision(procedure, { ...confirming(second), reason: 'not-reasoned' }, rules),
  'ask to look again': (procedure, rules) =>
    askForReconsideration(procedure, { by: responder.person, reasons: ['new-information'], at: noon }, rules),
  'extend recovery': (procedure, rules) =>
    extendRecovery(procedure, { by: { unit: 'days', count: 10 }, ground: 'health', actor: first, at: noon }, rules),
  'end recovery early': (procedure, rules) => endRecovery(procedure, 'public-order', first, rules),
  withdraw: (procedure) => withdrawProcess(procedure, responder.person),
};

/** `yes`, or the name of the refusal, for each state and command under the rules of a country. */
export function answers(rules: Rules): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const said = (decision: ProcessDecision): string => (decision.kind === 'refused' ? decision.refusal : 'yes');
  return Object.fromEntries(
    Object.entries(states).map(([name, state]) => {
      const procedure = state(rules);
      const begin = { begin: said(beginProcess(procedure, beginning(), rules)) };
      const others = Object.entries(commands).map(([command, give]) => [
        command,
        procedure ? said(give(procedure, rules)) : '–',
      ]);
      return [name, { ...begin, ...Object.fromEntries(others) }];
    }),
  );
}
