import { specification } from '@opennrm/testkit/pure';
import { describe, expect, it } from 'vitest';
import { acknowledgeAlert, resolveAlert } from './alerts.ts';
import { caseOpened, hour, noon, rules } from './case.fixture.ts';
import type { CaseFile } from './case-file.ts';
import { alertRaised } from './deadlines.ts';
import type { CaseFileEvent } from './events.ts';
import { evolve } from './evolve.ts';
import { timePasses } from './time-passes.ts';

const { given } = specification<CaseFile, CaseFileEvent>(evolve);
const named = { code: 'basis-ends', about: 'b1' };
const raised = alertRaised('basis-ends', 'b1', 'caseworker', noon);
const acknowledgement: CaseFileEvent = { type: 'AlertAcknowledged', ...named, by: 'somebody' };
const acknowledges = (file: CaseFile) => acknowledgeAlert(file, named, 'somebody', noon);
const resolves = (file: CaseFile) => resolveAlert(file, named, 'somebody');
const passes = (now: ReturnType<typeof hour>) => (file: CaseFile) => timePasses(file, rules, now);

describe('an alert of a file', () => {
  it('stays open when it is acknowledged, and is raised again a day later', () => {
    const acknowledged = given(caseOpened, raised).when(acknowledges);
    acknowledged.then(acknowledgement, { type: 'DeadlineSet' });
    expect(acknowledged.state().alerts).toMatchObject([{ ...named, acknowledgedBy: 'somebody' }]);
    acknowledged.and(passes(hour(25))).then('DeadlineMet', { type: 'AlertRaised' });
  });

  it('is not changed by a second acknowledgement', () =>
    given(caseOpened, raised, acknowledgement).when(acknowledges).ignored('already-acknowledged'));

  it('is not raised again after it was resolved, acknowledged before or not', () => {
    given(caseOpened, raised).when(resolves).then('AlertResolved');
    const resolved = given(caseOpened, raised).when(acknowledges).and(resolves);
    resolved.then('AlertResolved', 'DeadlineMet');
    expect(resolved.state().alerts).toEqual([]);
    resolved.and(passes(hour(80))).ignored('nothing-due');
  });

  it('is raised again without the other alerts of the file, acknowledged or not', () => {
    const other = alertRaised('call-back', 'p1', 'coordinator', noon);
    const otherAcknowledgement: CaseFileEvent = {
      type: 'AlertAcknowledged',
      code: 'call-back',
      about: 'p1',
      by: 'somebody',
    };
    for (const others of [[other], [other, otherAcknowledgement]])
      given(caseOpened, raised, ...others)
        .when(acknowledges)
        .and(passes(hour(25)))
        .then('DeadlineMet', { type: 'AlertRaised', alert: expect.objectContaining(named) });
  });

  it('is found by its own code and subject when another alert is open', () => {
    const other = alertRaised('call-back', 'p1', 'coordinator', noon);
    const otherAcknowledgement: CaseFileEvent = {
      type: 'AlertAcknowledged',
      code: 'call-back',
      about: 'p1',
      by: 'somebody',
    };
    given(caseOpened, other, otherAcknowledgement, raised)
      .when(acknowledges)
      .then(acknowledgement, 'DeadlineSet');
    given(caseOpened, other).when(resolves).refused('already-resolved', 'code');
  });

  it('is not raised a second time when it was raised again since its acknowledgement', () => {
    const unresolved = given(caseOpened, raised).when(acknowledges).events();
    given(...unresolved, alertRaised('basis-ends', 'b1', 'caseworker', hour(2)))
      .when(passes(hour(25)))
      .then('DeadlineMet');
  });

  it('can be neither acknowledged nor resolved when it was never raised', () => {
    given(caseOpened).when(acknowledges).refused('already-resolved', 'code');
    given(caseOpened).when(resolves).refused('already-resolved', 'code');
  });
});
