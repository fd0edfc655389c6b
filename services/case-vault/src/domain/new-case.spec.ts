import { specification } from '@opennrm/testkit/pure';
import { describe, expect, it } from 'vitest';
import { caseId, caseOpened, noon, owner } from './case.fixture.ts';
import { type CaseFile, referencesOf } from './case-file.ts';
import type { CaseFileEvent } from './events.ts';
import { evolve } from './evolve.ts';
import { openCase, registerReference } from './new-case.ts';

const { given } = specification<CaseFile, CaseFileEvent>(evolve);
const opens = (...references: { service: string; reference: string }[]) =>
  openCase({ caseId, ownerOrg: owner, need: 'safe-accommodation', references, at: noon });
const registered = (service: string, reference: string): CaseFileEvent => ({
  type: 'ReferenceRegistered',
  service,
  reference,
});
const registers = (service: string, reference: string) => (file: CaseFile) =>
  registerReference(file, { service, reference });

describe('opening a file', () => {
  it('needs no reference and no story', () =>
    given()
      .when(() => opens())
      .then('CaseOpened'));

  it('gives each named service its own reference', () => {
    const file = given()
      .when(() =>
        opens(
          { service: 'referral', reference: 'r1' },
          { service: 'identification-intake', reference: 'r2' },
        ),
      )
      .state();
    expect(referencesOf(file, 'referral')).toEqual(['r1']);
    expect(referencesOf(file, 'identification-intake')).toEqual(['r2']);
    expect(referencesOf(file, 'legal-aid')).toEqual([]);
  });

  it('is refused when it names a service twice', () =>
    given()
      .when(() =>
        opens({ service: 'referral', reference: 'r1' }, { service: 'referral', reference: 'r2' }),
      )
      .refused('service-twice', 'services'));

  it('shares nothing: a new file has no permission, no basis and no section', () => {
    const file = given()
      .when(() => opens())
      .state();
    expect(file).toMatchObject({ permissions: [], bases: [], apart: [], sections: {} });
  });
});

describe('a reference that a caller minted in an emergency', () => {
  it('is registered in addition to the reference that the service already has', () => {
    const file = given(caseOpened, registered('referral', 'r1'))
      .when(registers('referral', 'r2'))
      .state();
    expect(referencesOf(file, 'referral')).toEqual(['r1', 'r2']);
  });

  it('is registered although another service has the same reference', () =>
    given(caseOpened, registered('identification-intake', 'r1'))
      .when(registers('referral', 'r1'))
      .then(registered('referral', 'r1')));

  it('is ignored when it is registered a second time', () =>
    given(caseOpened, registered('referral', 'r1'))
      .when(registers('referral', 'r1'))
      .ignored('already-registered'));

  it('is refused when the file has fifty references, but a known one is still ignored', () => {
    const fifty = Array.from({ length: 50 }, (_, n) => registered('referral', `r${n}`));
    given(caseOpened, ...fifty)
      .when(registers('referral', 'one-more'))
      .refused('too-many-references', 'reference');
    given(caseOpened, ...fifty)
      .when(registers('referral', 'r7'))
      .ignored('already-registered');
  });
});

it('evolve throws an error that names the event when the file was not opened before', () =>
  expect(() => evolve(undefined, registered('referral', 'r1'))).toThrow(
    'ReferenceRegistered before CaseOpened',
  ));
