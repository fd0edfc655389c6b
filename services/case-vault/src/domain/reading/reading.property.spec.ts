import { hours, after as later } from '@opennrm/runtime/decision';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { owner, rules } from '../case.fixture.ts';
import type { CaseFile } from '../case-file.ts';
import { evolve } from '../evolve.ts';
import { effectiveDenials } from '../permission/effective-receivers.ts';
import { begun, grant, history, QUESTIONS } from './histories.fixture.ts';
import { expectedVerdict } from './oracle.fixture.ts';
import { currentRelations, replaySteps } from './reading.fixture.ts';
import { mayRead } from './reading.ts';

/** More cases than by default, and as many as `FC_RUNS` says where that is more. */
const atLeast = (runs: number) => ({ numRuns: Math.max(runs, Number(process.env.FC_RUNS ?? 0)) });

it('what is readable at a moment is what the records say at that moment', () => {
  const answers = new Map<string, number>();
  fc.assert(
    fc.property(history, ([steps, hoursOn]) =>
      replaySteps(begun, steps, (file, records, now) => {
        for (const asked of QUESTIONS)
          for (const t of [now, later(now, hours(hoursOn))]) {
            const relations = currentRelations(records, asked.organisation);
            const verdict = mayRead(file, { ...asked, relations }, rules.powerLimits, t);
            const said = expectedVerdict(records, owner, asked, t);
            const expected = said.reasons.length > 0 ? 'may' : said.refusal;
            expect(verdict.isAllowed ? 'may' : verdict.refusal).toBe(expected);
            if (verdict.isAllowed) expect(said.reasons).toContain(verdict.basis);
            const seen = verdict.isAllowed ? verdict.basis : verdict.refusal;
            answers.set(seen, (answers.get(seen) ?? 0) + 1);
          }
      }),
    ),
    atLeast(500),
  );
  // The histories reach every answer: a property that never meets a case says nothing about it.
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

it('a yes said before a no, and written down after it, opens nothing that the no closed', () => {
  let met = 0;
  fc.assert(
    fc.property(history, grant, ([steps], yes) =>
      replaySteps(begun, steps, (file, records, now) => {
        const decision = 'decide' in yes ? yes.decide(file, now) : undefined;
        for (const event of decision?.kind === 'accepted' ? decision.events : []) {
          if (event.type !== 'PermissionGranted') continue;
          const { permissionId, given: said, validFrom } = event.permission;
          const then = evolve(file, event);
          for (const denial of effectiveDenials(file).filter(({ given: how }) => how.at > said.at))
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

it('what is carried on when somebody else must be asked opens nothing that was closed', () => {
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
        // The noes of one who is under suspicion count no more, and nothing else is wider.
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
