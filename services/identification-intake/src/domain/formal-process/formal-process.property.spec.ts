import { type LocalDate, plusDays } from '@opennrm/country';
import { after, type Instant } from '@opennrm/runtime/decision';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { complete } from '../intake-form/form.fixture.ts';
import { adoptRules } from './adopting.ts';
import { confirmDecision, returnDecision } from './confirming.ts';
import { decide } from './deciding.ts';
import type { ProcessEvent } from './events.ts';
import { evolveProcess } from './evolve.ts';
import { notifyPerson } from './notifying.ts';
import { extendDeadline, requestInformation, resume, suspendProcess } from './pausing.ts';
import {
  beginning,
  confirming,
  DAY_MS,
  first,
  noon,
  responder,
  rulesOfCountry,
  second,
  submission,
  third,
  verdict,
} from './procedure.fixture.ts';
import { type FormalProcess, hasOpenStep, type StatusDecision } from './procedure.ts';
import { requestReconsideration } from './reconsidering.ts';
import { endRecovery, extendRecovery } from './recovery.ts';
import { answerForm, beginProcess, submitProcess, takeUp, withdrawProcess } from './referring.ts';
import { type Actor, hasCode, type ProcessDecision, type Rules, stepOf } from './rules.ts';
import { isOverdue } from './statutory-deadline.ts';
import { timePasses } from './time-passes.ts';

const countries = await Promise.all(['sample', 'albion', 'islets'].map(rulesOfCountry));

type Move = (procedure: FormalProcess, rules: Rules, at: Instant, actor: Actor) => ProcessDecision;

/** What any actor may try at any time, also without reasons. */
const moves: Readonly<Record<string, Move>> = {
  submit: (procedure, rules, at) => submitProcess(procedure, submission(at), rules),
  takeUp: (procedure, _rules, _at, actor) => takeUp(procedure, actor),
  ask: (procedure, rules, at, actor) =>
    requestInformation(procedure, { ground: 'information-missing', actor, at }, rules),
  receive: (procedure, rules, at, actor) =>
    resume(procedure, 'information-requested', { actor, at }, rules),
  suspend: (procedure, rules, at, actor) =>
    suspendProcess(procedure, { ground: 'person-missing', actor, at }, rules),
  resume: (procedure, rules, at, actor) => resume(procedure, 'suspended', { actor, at }, rules),
  extend: (procedure, rules, at, actor) =>
    extendDeadline(
      procedure,
      { by: { unit: 'working-days', count: 2 }, ground: 'person-not-fit', actor, at },
      rules,
    ),
  yes: (procedure, rules, at, actor) => decide(procedure, verdict('positive', actor, at), rules),
  no: (procedure, rules, at, actor) => decide(procedure, verdict('negative', actor, at), rules),
  noReasons: (procedure, rules, at, actor) =>
    decide(procedure, { ...verdict('negative', actor, at), reasons: [] }, rules),
  disqualify: (procedure, rules, at, actor) =>
    decide(procedure, verdict('disqualified', actor, at), rules),
  confirm: (procedure, rules, at, actor) =>
    confirmDecision(procedure, confirming(actor, at), rules),
  return: (procedure, rules, _at, actor) =>
    returnDecision(procedure, { ...confirming(actor), reason: 'not-reasoned' }, rules),
  again: (procedure, rules, at) =>
    requestReconsideration(
      procedure,
      { by: responder.person, reasons: ['new-information'], at },
      rules,
    ),
  recoverLonger: (procedure, rules, at, actor) =>
    extendRecovery(
      procedure,
      { by: { unit: 'days', count: 10 }, ground: 'health', actor, at },
      rules,
    ),
  endRecovery: (procedure, rules, _at, actor) =>
    endRecovery(procedure, 'public-order', actor, rules),
  withdraw: (procedure) => withdrawProcess(procedure, responder.person),
  adopt: (procedure, rules, at, actor) =>
    adoptRules(procedure, { ground: 'law-changed', actor, at }, rules, nextVersionOf(rules)),
  notify: (procedure, rules, at) => {
    const [oldest] = procedure.decisions;
    const how = {
      form: 'in-writing',
      language: 'en',
      interpreterId: undefined,
      by: responder.person,
      notifiedAt: at,
    };
    return notifyPerson(procedure, { decisionId: oldest?.decisionId ?? '', ...how, at }, rules);
  },
};

/** The next version of the rules: another weekend, and a holiday every second week. */
function nextVersionOf(rules: Rules): Rules {
  const [year = 0, nth = 0] = rules.version.split('.').map(Number);
  const holidays = Array.from({ length: 60 }, (_, week) =>
    plusDays('2026-03-04' as LocalDate, week * 14),
  );
  const workdays = {
    ...rules.workdays,
    weekend: rules.workdays.weekend.map((day) => (day % 7) + 1),
    holidays,
  };
  return { ...rules, id: `${rules.id}+`, version: `${year}.${nth + 1}`, workdays };
}

const step = fc.record({
  move: fc.constantFrom(...Object.keys(moves)),
  actor: fc.constantFrom(first, second, third, responder),
  days: fc.integer({ min: 0, max: 40 }),
});

function run(rules: Rules, steps: readonly { move: string; actor: Actor; days: number }[]) {
  const begun = beginProcess(undefined, beginning(), rules);
  const events: ProcessEvent[] = begun.kind === 'accepted' ? [...begun.events] : [];
  let procedure = events.reduce<FormalProcess | undefined>(evolveProcess, undefined);
  let at: Instant = noon;
  let current = rules;
  const madeInTime: string[] = [];
  const keep = (decision: ProcessDecision): void => {
    if (decision.kind !== 'accepted') return;
    events.push(...decision.events);
    const before = procedure;
    procedure = decision.events.reduce<FormalProcess | undefined>(evolveProcess, procedure);
    if (decision.events.some(({ type }) => type === 'RulesAdopted'))
      current = nextVersionOf(current);
    if (before && procedure) madeInTime.push(...noLongerLate(before, procedure, at));
  };
  if (procedure && rules.form)
    keep(answerForm(procedure, { changes: complete(rules.form), by: responder.person, at }, rules));
  for (const { move, actor, days } of steps) {
    at = after(at, days * DAY_MS);
    if (procedure) keep(timePasses(procedure, at));
    if (procedure)
      keep(
        moves[move]?.(procedure, current, at, actor) ?? { kind: 'ignored', reason: 'no such move' },
      );
  }
  return { events, procedure, madeInTime };
}

/** Deadlines that were overdue, still exist, and are due at another time. */
const noLongerLate = (before: FormalProcess, now: FormalProcess, at: Instant): string[] =>
  Object.entries(before.deadlines).flatMap(([code, deadline]) => {
    const is = now.deadlines[code];
    if (deadline.state !== 'running' || !isOverdue(deadline, at) || !is) return [];
    return is.state === 'running' && is.end.due === deadline.end.due ? [] : [code];
  });

const madeIn = (events: readonly ProcessEvent[]): StatusDecision[] =>
  events.flatMap((event) => (event.type === 'DecisionMade' ? [event.decision] : []));

describe('in any sequence of commands by any actors,', () => {
  const any = fc.tuple(
    fc.constantFrom(...countries),
    fc.array(step, { minLength: 10, maxLength: 60 }),
  );

  it('no decision is made without its reasons, its maker, its rules, and a second person when the law requires one', () => {
    fc.assert(
      fc.property(any, ([rules, steps]) => {
        for (const decision of madeIn(run(rules, steps).events)) {
          const lawful = rules.reasons.filter(({ outcome }) => outcome === decision.outcome);
          expect(decision.reasons.length).toBeGreaterThan(0);
          expect(decision.reasons.every((reason) => hasCode(lawful, reason))).toBe(true);
          expect(decision.ruleVersion.replaceAll('+', '')).toBe(rules.id);
          const needsSecond = stepOf(rules, decision.step).secondPerson.includes(decision.outcome);
          expect(decision.confirmedBy !== undefined).toBe(needsSecond);
          expect(decision.confirmedBy).not.toBe(decision.madeBy);
        }
      }),
    );
  });

  it('the steps are decided in their order, and no person reconsiders their own decision', () => {
    fc.assert(
      fc.property(any, ([rules, steps]) => {
        const made = madeIn(run(rules, steps).events);
        for (const [nth, decision] of made.entries()) {
          const before = made[nth - 1];
          const codes = rules.steps.map(({ code }) => code);
          const isLastYes = before?.outcome === 'positive' && before.step === codes.at(-1);
          // After the last positive decision the only possible decision is its revocation.
          if (isLastYes)
            expect(decision).toMatchObject({ step: before.step, outcome: 'disqualified' });
          const next =
            before?.outcome === 'positive' && !isLastYes
              ? codes[codes.indexOf(before.step) + 1]
              : before?.step;
          expect(decision.step).toBe(next ?? codes[0]);
          if (!decision.reconsidered || !before) continue;
          expect([before.madeBy, before.confirmedBy]).not.toContain(decision.madeBy);
        }
      }),
    );
  });

  it('an overdue deadline never becomes punctual before it is met', () => {
    fc.assert(
      fc.property(any, ([rules, steps]) => {
        expect(run(rules, steps).madeInTime).toEqual([]);
      }),
    );
  });

  it('an open step has a deadline, and a procedure without an open step has no deadline of a step', () => {
    fc.assert(
      fc.property(any, ([rules, steps]) => {
        const { procedure } = run(rules, steps);
        if (!procedure) return;
        const { stage, deadlines } = procedure;
        if (hasOpenStep(stage)) expect(deadlines[stage.step]).toBeDefined();
        else
          expect(
            Object.keys(deadlines).filter((code) => rules.steps.some((one) => one.code === code)),
          ).toEqual([]);
      }),
    );
  });
});
