import { hours, after as later } from '@opennrm/runtime/decision';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { owner, rules } from '../case.fixture.ts';
import type { CaseFile } from '../case-file.ts';
import { evolve } from '../evolve.ts';
import { effectiveDenials } from '../permission/effective-receivers.ts';
import { begun, grant, history, QUESTIONS } from './histories.fixture.ts';
import { expectedVerdict } from './oracle.fixture.ts';
import { currentRelations, replaySteps } from './reading.fixture.ts';
import { mayRead } from './reading.ts';

/** At least `runs` cases, or `FC_RUNS` where that is more. */
const atLeast = (runs: number) => ({ numRuns: Math.max(runs, Number(process.env.FC_RUNS ?? 0)) });

describe('a reading after any history', () => {
  it('is allowed exactly when the records give a reason that is valid at that moment', () => {
    const answers = new Map<string, number>();
    fc.assert(
      fc.property(history, ([steps, hoursOn]) =>
        replaySteps(begun, steps, (file, records, now) => {
          for (const asked of QUESTIONS)
            for (const t of [now, later(now, hours(hoursOn))]) {
              const relations = currentRelations(records, asked.organisation);
              const verdict = mayRead(file, { ...asked, relations }, rules.powerLimits, t);
              const predicted = expectedVerdict(records, owner, asked, t);
              const expected = predicted.reasons.length > 0 ? 'may' : predicted.refusal;
              expect(verdict.isAllowed ? 'may' : verdict.refusal).toBe(expected);
              if (verdict.isAllowed) expect(predicted.reasons).toContain(verdict.basis);
              const seen = verdict.isAllowed ? verdict.basis : verdict.refusal;
              answers.set(seen, (answers.get(seen) ?? 0) + 1);
            }
        }),
      ),
      atLeast(500),
    );
    // Every possible answer must occur, because a property proves nothing about a case that never occurs.
    expect([...answers.keys()].sort()).toEqual(
      [
        'break-glass',
        'no-basis',
        'not-found',
        'own-record',
        'permission',
        'public-task',
        'vital-interest',
        'child-protection',
        'duty-of-care',
      ].sort(),
    );
  });

  it('does not depend on the order in which relations are found', () =>
    fc.assert(
      fc.property(history, ([steps]) =>
        replaySteps(begun, steps, (file, records, now) => {
          for (const asked of QUESTIONS) {
            const relations = currentRelations(records, asked.organisation);
            const turned = mayRead(
              file,
              { ...asked, relations: relations.toReversed() },
              rules.powerLimits,
              now,
            );
            expect(turned).toEqual(mayRead(file, { ...asked, relations }, rules.powerLimits, now));
          }
        }),
      ),
      atLeast(200),
    ));

  it('is not allowed by a permission that was stated before a denial and recorded after it', () => {
    let met = 0;
    fc.assert(
      fc.property(history, grant, ([steps], late) =>
        replaySteps(begun, steps, (file, records, now) => {
          const decision = 'decide' in late ? late.decide(file, now) : undefined;
          for (const event of decision?.kind === 'accepted' ? decision.events : []) {
            if (event.type !== 'PermissionGranted') continue;
            const { permissionId, given: stated, validFrom } = event.permission;
            const then = evolve(file, event);
            for (const denial of effectiveDenials(file).filter(
              ({ given: how }) => how.at > stated.at,
            ))
              for (const name of denial.organisationIds)
                for (const section of denial.sections) {
                  const relations = currentRelations(records, name);
                  const asked = {
                    organisation: name,
                    section,
                    purpose: denial.purpose,
                    relations,
                    powers: [],
                  };
                  const verdict = mayRead(then, asked, rules.powerLimits, validFrom);
                  met += 1;
                  expect(verdict.isAllowed && verdict.permissionId).not.toBe(permissionId);
                }
          }
        }),
      ),
      atLeast(300),
    );
    expect(met).toBeGreaterThan(0);
  });

  it('is not allowed by an interim basis where it was not allowed before the decision maker changed', () => {
    let met = 0;
    fc.assert(
      fc.property(history, ([steps]) => {
        let before: { readonly file: CaseFile; readonly count: number } | undefined;
        replaySteps(begun, steps, (file, records, now) => {
          const fresh = records
            .slice(before?.count ?? 0)
            .flatMap((one) => (one.kind === 'event' ? [one.event] : []));
          const was = before?.file;
          before = { file, count: records.length };
          const suspected = fresh.some(({ type }) => type === 'GuardianSuspected');
          if (!was || (!suspected && !fresh.some(({ type }) => type === 'DecisionMakerChanged')))
            return;
          // The denials of a suspected guardian no longer count, so they are removed from the state before too.
          const then = suspected ? { ...was, person: file.person } : was;
          for (const asked of QUESTIONS.filter(({ organisation: who }) => who !== owner)) {
            const wish = { ...asked, relations: currentRelations(records, asked.organisation) };
            const verdict = mayRead(file, wish, rules.powerLimits, now);
            if (!verdict.isAllowed) continue;
            met += 1;
            expect(mayRead(then, wish, rules.powerLimits, now).isAllowed).toBe(true);
          }
        });
      }),
      atLeast(500),
    );
    expect(met).toBeGreaterThan(0);
  });
});
