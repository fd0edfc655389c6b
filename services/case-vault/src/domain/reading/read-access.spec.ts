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

describe('listReadAccess', () => {
  it('lists nobody for a file without a permission or basis', () =>
    expect(seen([], [one(owner), shelter])).toEqual([]));

  it('lists a related organisation of a permitted class, and any other service of that class', () =>
    expect(seen([granted()], [shelter])).toEqual([
      ['shelter', 'health', 'accommodation', 'permission'],
      ['any safe-accommodation', 'health', 'accommodation', 'permission'],
    ]));

  it('lists one unnamed service of each permitted class', () => {
    const receivers = {
      ...permission().receivers,
      serviceClasses: ['safe-accommodation', 'health-care'],
    };
    expect(seen([granted({ receivers })], [])).toEqual([
      ['any safe-accommodation', 'health', 'accommodation', 'permission'],
      ['any health-care', 'health', 'accommodation', 'permission'],
    ]);
  });

  it('lists an organisation that a permission names, without a relation', () =>
    expect(
      seen([granted({ receivers: byName(['lawyer']) })], [one('lawyer'), one('another')]),
    ).toEqual([['lawyer', 'health', 'accommodation', 'permission']]));

  it('lists neither a class that was denied later nor an organisation behind a power limit', () => {
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

  it('lists nothing before a permission begins or from its end', () => {
    expect(seen([granted()], [shelter], hour(-1))).toEqual([]);
    expect(seen([granted()], [shelter], hour(24))).toEqual([]);
  });

  it('lists a related organisation on a legal basis, and no unnamed service of its class', () =>
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

describe('the difference of two access lists', () => {
  const access = (organisation: string, basisOf = 'permission') => ({
    organisation,
    serviceClass: undefined,
    section: 'health',
    purpose: 'accommodation',
    basis: basisOf,
  });

  it('holds the gained, the lost and the unchanged access, the last with its new basis', () => {
    const before = [access('leaves'), access('stays')];
    const after = [access('stays', 'vital-interest'), access('comes')];
    expect(difference(before, after)).toEqual({
      gained: [access('comes')],
      lost: [access('leaves')],
      unchanged: [access('stays', 'vital-interest')],
    });
  });
});
