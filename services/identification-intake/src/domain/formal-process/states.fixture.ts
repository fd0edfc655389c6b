import { after, type Instant } from '@opennrm/runtime/decision';
import { confirmDecision } from './confirming.ts';
import { decide } from './deciding.ts';
import { requestInformation, suspendProcess } from './pausing.ts';
import {
  beginning,
  confirming,
  DAY_MS,
  first,
  noon,
  pending,
  responder,
  Story,
  second,
  submission,
  verdict,
} from './procedure.fixture.ts';
import { type FormalProcess, type Outcome, proposalOf } from './procedure.ts';
import { requestReconsideration } from './reconsidering.ts';
import { submitProcess, takeUp, withdrawProcess } from './referring.ts';
import type { Rules } from './rules.ts';
import { timePasses } from './time-passes.ts';

/** A day after the beginning of the story, at noon. */
const day = (nth: number): Instant => after(noon, nth * DAY_MS);
const [LATE, RECOVERED, FOR_GOOD] = [day(32), day(50), day(60)];

interface State {
  readonly procedure: FormalProcess | undefined;
  /** The moment of a command in this state. */
  readonly at: Instant;
}
type Path = (rules: Rules) => Story;

const draft: Path = (rules) => new Story().begin(beginning(), rules).fill(rules);
const sent: Path = (rules) =>
  draft(rules).next((procedure) => submitProcess(procedure, submission(), rules));
const lateOne: Path = (rules) => pending(rules).next((procedure) => timePasses(procedure, LATE));

const proposed = (story: Story, outcome: Outcome, rules: Rules, at = noon): Story =>
  story.next((procedure) => decide(procedure, verdict(outcome, first, at), rules));

/** Decides, and confirms when the country requires a second person. */
function decided(story: Story, outcome: Outcome, rules: Rules, at = noon): Story {
  proposed(story, outcome, rules, at);
  return proposalOf(story.now())
    ? story.next((procedure) => confirmDecision(procedure, confirming(second, at), rules))
    : story;
}

const asks = (story: Story, rules: Rules, at = noon): Story =>
  story.next((procedure) =>
    requestInformation(procedure, { ground: 'information-missing', actor: first, at }, rules),
  );
const refused: Path = (rules) => decided(pending(rules), 'negative', rules);
const again: Path = (rules) =>
  refused(rules).next((procedure) =>
    requestReconsideration(
      procedure,
      { by: responder.person, reasons: ['new-information'], at: noon },
      rules,
    ),
  );
const firstYes: Path = (rules) => decided(pending(rules), 'positive', rules);
const recovered: Path = (rules) =>
  firstYes(rules).next((procedure) => timePasses(procedure, RECOVERED));
const lastYes: Path = (rules) =>
  rules.steps.length > 1
    ? decided(recovered(rules), 'positive', rules, RECOVERED)
    : recovered(rules);

/** The states that are reached on the first day, by the shortest path. */
const quick: Readonly<Record<string, Path>> = {
  draft,
  submitted: sent,
  'first step pending': pending,
  'negative proposed': (rules) => proposed(pending(rules), 'negative', rules),
  'information requested': (rules) => asks(pending(rules), rules),
  'information requested, negative proposed': (rules) =>
    asks(proposed(pending(rules), 'negative', rules), rules),
  suspended: (rules) =>
    pending(rules).next((procedure) =>
      suspendProcess(procedure, { ground: 'person-missing', actor: first, at: noon }, rules),
    ),
  'last step pending, in recovery': firstYes,
  'negative, reconsideration possible': refused,
  'reconsideration requested': again,
  'reconsideration pending': (rules) => again(rules).next((procedure) => takeUp(procedure, first)),
  withdrawn: (rules) =>
    pending(rules).next((procedure) => withdrawProcess(procedure, responder.person)),
  disqualified: (rules) => decided(pending(rules), 'disqualified', rules),
};

const slow: Readonly<Record<string, readonly [Instant, Path]>> = {
  'first step overdue': [LATE, lateOne],
  'information requested, overdue': [LATE, (rules) => asks(lateOne(rules), rules, LATE)],
  'last step pending, recovery ended': [RECOVERED, recovered],
  'negative, final': [
    FOR_GOOD,
    (rules) => refused(rules).next((procedure) => timePasses(procedure, FOR_GOOD)),
  ],
  positive: [RECOVERED, lastYes],
  'positive, revocation proposed': [
    RECOVERED,
    (rules) => proposed(lastYes(rules), 'disqualified', rules, RECOVERED),
  ],
  'lapsed, never sent': [
    FOR_GOOD,
    (rules) => draft(rules).next((procedure) => timePasses(procedure, FOR_GOOD)),
  ],
};

/** The states that a country without a second person for negative decisions, a second step or reconsideration does not have. */
const absentIn = ({ steps: [firstStep, ...others] }: Rules): readonly string[] => [
  ...(firstStep?.secondPerson.includes('negative')
    ? []
    : ['negative proposed', 'information requested, negative proposed']),
  ...(others.length > 0
    ? []
    : ['last step pending, in recovery', 'last step pending, recovery ended']),
  ...(firstStep?.reconsideration
    ? []
    : [
        'negative, reconsideration possible',
        'reconsideration requested',
        'reconsideration pending',
      ]),
];

/** Every state that a process of a country can be in. */
export function statesOf(rules: Rules): Readonly<Record<string, State>> {
  const unknown = absentIn(rules);
  const all: Record<string, State> = { 'no process': { procedure: undefined, at: noon } };
  for (const [state, path] of Object.entries(quick))
    if (!unknown.includes(state)) all[state] = { procedure: path(rules).now(), at: noon };
  for (const [state, [at, path]] of Object.entries(slow))
    if (!unknown.includes(state)) all[state] = { procedure: path(rules).now(), at };
  return all;
}
