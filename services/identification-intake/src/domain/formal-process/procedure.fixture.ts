import { loadCountryPack } from '@opennrm/country/load';
import { type Instant, instant } from '@opennrm/runtime/decision';
import { complete } from '../intake-form/form.fixture.ts';
import { decide } from './deciding.ts';
import type { ProcessEvent } from './events.ts';
import { evolveProcess } from './evolve.ts';
import type { FormalProcess, Outcome } from './procedure.ts';
import { answerForm, beginProcess, submitProcess, takeUp } from './referring.ts';
import { type Actor, type ProcessDecision, type Rules, rulesOf } from './rules.ts';

export const noon: Instant = instant(Date.UTC(2026, 2, 2, 11));
export const DAY_MS = 86_400_000;

export const rulesOfCountry = async (name: string): Promise<Rules> =>
  rulesOf(await loadCountryPack(`infra/countries/${name}`));

const [AUTHORITY, HELPLINE] = [
  'a0000000-0000-4000-8000-000000000001',
  'a0000000-0000-4000-8000-000000000002',
];
const person = (nth: number): string => `b0000000-0000-4000-8000-00000000000${nth}`;
/** Three people of the authority, and one person who refers. */
export const [first, second, third] = [1, 2, 3].map(
  (nth): Actor => ({ person: person(nth), organisation: AUTHORITY, desk: 'competent-authority' }),
) as [Actor, Actor, Actor];
export const responder: Actor = { person: person(4), organisation: HELPLINE, desk: 'responder' };

/** A process that runs through several decisions. A refused decision fails the spec. */
export class Story {
  procedure: FormalProcess | undefined;
  readonly events: ProcessEvent[] = [];

  next(decide: (procedure: FormalProcess) => ProcessDecision): this {
    return this.#keep(decide(this.now()));
  }

  begin(beginning: Parameters<typeof beginProcess>[1], rules: Rules): this {
    return this.#keep(beginProcess(this.procedure, beginning, rules));
  }

  /** Answers all fields of the form when the country has one. */
  fill(rules: Rules): this {
    if (!rules.form) return this;
    const changes = complete(rules.form);
    return this.next((procedure) =>
      answerForm(procedure, { changes, by: responder.person, at: noon }, rules),
    );
  }

  now(): FormalProcess {
    if (!this.procedure) throw new Error('the story has not begun');
    return this.procedure;
  }

  #keep(decision: ProcessDecision): this {
    if (decision.kind !== 'accepted')
      throw new Error(decision.kind === 'refused' ? decision.refusal : decision.reason);
    this.events.push(...decision.events);
    for (const event of decision.events) this.procedure = evolveProcess(this.procedure, event);
    return this;
  }
}

export const beginning = (age: FormalProcess['age'] = 'adult') => ({
  caseReference: 'c0000000-0000-4000-8000-000000000003',
  processId: 'c0000000-0000-4000-8000-000000000001',
  markerId: 'c0000000-0000-4000-8000-000000000002',
  by: responder,
  authority: { organisationId: AUTHORITY },
  age,
  at: noon,
});

export const submission = (at: Instant = noon) => ({
  permitted: true,
  otherPowers: [],
  personInformed: false,
  at,
});

const REASON: Readonly<Record<Outcome, string>> = {
  positive: 'indicators-present',
  negative: 'threshold-not-met',
  disqualified: 'public-order',
};

const DECISION = 'd0000000-0000-4000-8000-000000000001';

export const verdict = (outcome: Outcome, actor: Actor = first, at: Instant = noon) => ({
  decisionId: DECISION,
  outcome,
  reasons: [REASON[outcome]],
  evidence: [],
  noteId: undefined,
  actor,
  at,
});

/** The confirmation of a second person who has read the proposal. */
export const confirming = (actor: Actor = second, at: Instant = noon) => ({
  decisionId: DECISION,
  actor,
  at,
});

/** A process that was submitted and taken up by the first person of the authority. */
export const pending = (rules: Rules, at: Instant = noon): Story =>
  new Story()
    .begin(beginning(), rules)
    .fill(rules)
    .next((procedure) => submitProcess(procedure, submission(at), rules))
    .next((procedure) => takeUp(procedure, first));

/** A process with a positive decision at its first step. */
export const positive = (rules: Rules, at: Instant = noon): Story =>
  pending(rules, at).next((procedure) => decide(procedure, verdict('positive', first, at), rules));
