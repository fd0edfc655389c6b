import { describe, expect, it } from 'vitest';
import { basis, fileAfter, given, hour, noon, owner, permission, rules } from '../case.fixture.ts';
import type { CaseFileEvent } from '../events.ts';
import { difference, listReadAccess, type Organisation } from './read-access.ts';
import type { Relation } from './reading.ts';

const placed: Relation = {
  holdId: 'h1',
  serviceClass: 'safe-accommodation',
  region: 'north',
  purpose: 'accommodation',
};
const granted = (more: Parameters<typeof permission>[0] = {}): CaseFileEvent => ({
  type: 'PermissionGranted',
  permission: permission(more),
});
const one = (organisation: string, more: Partial<Organisation> = {}): Organisation => ({
  organisation,
  relations: [],
  powers: [],
  ...more,
});
const shelter = one('shelter', { relations: [placed] });
const of = {
  sections: ['health', 'legal'],
  purposes: ['accommodation', 'legal-aid'],
  powerLimits: rules.powerLimits,
};
const seen = (events: CaseFileEvent[], organisations: Organisation[], at = noon) =>
  listReadAccess(fileAfter(...events), organisations, of, at).map((access) => [
    access.organisation ?? `any ${access.serviceClass}`,
    access.section,
    access.purpose,
    access.basis,
  ]);
const byName = (organisationIds: string[]) => ({
  excludedRegions: [],
  excludedOrganisationIds: [],
  serviceClasses: [],
  organisationIds,
});

describe('who could see what', () => {
  it('is nobody, of a file of which nothing was permitted', () =>
    expect(seen([], [one(owner), shelter])).toEqual([]));

  it('is whoever has a relation, and any service of the class that is asked tomorrow', () =>
    expect(seen([granted()], [shelter])).toEqual([
      ['shelter', 'health', 'accommodation', 'permission'],
      ['any safe-accommodation', 'health', 'accommodation', 'permission'],
    ]));

  it('is a service of each class that is permitted, each for itself', () => {
    const receivers = {
      ...permission().receivers,
      serviceClasses: ['safe-accommodation', 'health-care'],
    };
    expect(seen([granted({ receivers })], [])).toEqual([
      ['any safe-accommodation', 'health', 'accommodation', 'permission'],
      ['any health-care', 'health', 'accommodation', 'permission'],
    ]);
  });

  it('is whoever is named, without a relation', () =>
    expect(
      seen([granted({ receivers: byName(['lawyer']) })], [one('lawyer'), one('another')]),
    ).toEqual([['lawyer', 'health', 'accommodation', 'permission']]));

  it('is not a class that was denied since, nor one with a power limit', () => {
    const denial: CaseFileEvent = {
      type: 'DenialRecorded',
      denial: {
        denialId: 'n1',
        purpose: 'accommodation',
        sections: ['health'],
        organisationIds: [],
        serviceClasses: ['safe-accommodation'],
        given: given({ at: noon }),
      },
    };
    expect(seen([granted(), denial], [shelter])).toEqual([]);
    const police = one('police', { powers: ['enforcement'] });
    expect(seen([granted({ receivers: byName(['police']) })], [police])).toEqual([]);
  });

  it('is at its moment: not before, and not when it is over', () => {
    expect(seen([granted()], [shelter], hour(-1))).toEqual([]);
    expect(seen([granted()], [shelter], hour(24))).toEqual([]);
  });

  it('is on a legal basis whoever relies on it, and no service of a class that nobody asked', () =>
    expect(
      seen(
        [
          granted(),
          { type: 'BasisRecorded', basis: { ...basis(), isSubstitute: false, endedAt: undefined } },
        ],
        [shelter],
      ),
    ).toEqual([['shelter', 'health', 'accommodation', 'public-task']]));
});

describe('the difference', () => {
  const access = (organisation: string, basisOf = 'permission') => ({
    organisation,
    serviceClass: undefined,
    section: 'health',
    purpose: 'accommodation',
    basis: basisOf,
  });

  it('is who sees more, who no more, and who all the same and on what it then stands', () => {
    const before = [access('leaves'), access('stays')];
    const after = [access('stays', 'vital-interest'), access('comes')];
    expect(difference(before, after)).toEqual({
      gained: [access('comes')],
      lost: [access('leaves')],
      unchanged: [access('stays', 'vital-interest')],
    });
  });
});
