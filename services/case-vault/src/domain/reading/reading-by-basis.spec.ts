import { describe, expect, it } from 'vitest';
import {
  after,
  asking,
  basis,
  denial,
  hour,
  noon,
  owner,
  permission,
  rules,
} from '../case.fixture.ts';
import type { CaseFileEvent } from '../events.ts';
import { recordBasis } from '../permission/basis.ts';
import { recordDenial } from '../permission/denial.ts';
import { grantPermission } from '../permission/permission.ts';
import { withdrawPermission } from '../permission/withdrawal.ts';
import {
  fileWith,
  NO_BASIS,
  NOT_FOUND,
  onBasis,
  placed,
  reads,
  recorded,
  rule,
  shelter,
} from './reading-cases.fixture.ts';

describe('a legal basis of another controller', () => {
  const file = fileWith(recorded({ code: 'legal-obligation', controller: 'court' }));

  it('covers that controller, without a relation', () =>
    expect(reads(file, { organisation: 'court', relations: [] })).toEqual(
      onBasis('legal-obligation'),
    ));

  it('covers neither the owner nor related providers', () => {
    expect(reads(file)).toEqual(NO_BASIS);
    expect(reads(file, { organisation: owner, relations: [] })).toEqual(NO_BASIS);
  });

  it('covers nobody from the moment when it was ended', () =>
    expect(
      reads(
        fileWith(recorded({ controller: 'court' }), {
          type: 'BasisEnded',
          basisId: 'b1',
          at: hour(1),
        }),
        {
          organisation: 'court',
          relations: [],
        },
      ),
    ).toEqual(NOT_FOUND));
});

describe('a substitute basis', () => {
  const clinic = {
    organisation: 'clinic',
    relations: [{ ...placed, serviceClass: 'medical-care' }],
  };
  const other = { organisation: 'other-shelter' };
  const unable = {
    code: 'vital-interest',
    cannotAskReason: 'acute-crisis',
    sections: ['health', 'identity'],
  };
  const isSubstitute = fileWith();
  const file = after(isSubstitute, recordBasis(isSubstitute, basis(unable), rules, noon));
  const permitted = permission({
    validFrom: hour(2),
    receivers: rule({ organisationIds: [shelter], serviceClasses: [] }),
  });
  const granted = after(file, grantPermission(file, permitted, asking(hour(1))));

  it('still covers receivers and sections that the person has not decided about', () => {
    expect(reads(granted, {}, hour(3))).toEqual(onBasis('permission'));
    expect(reads(granted, { section: 'identity' }, hour(3))).toEqual(onBasis('vital-interest'));
    for (const one of [clinic, other])
      expect(reads(granted, one, hour(3))).toEqual(onBasis('vital-interest'));
  });

  it('covers a permitted receiver until the permission begins', () =>
    expect(reads(granted, {}, hour(1))).toEqual(onBasis('vital-interest')));

  it('does not cover receivers that were denied, or whose permission was withdrawn', () => {
    const wish = { permissionId: 'p1', channel: 'written' } as const;
    const withdrawn = after(granted, withdrawPermission(granted, wish, rules, hour(4)));
    expect(reads(withdrawn, {}, hour(5))).toEqual(NO_BASIS);
    expect(reads(withdrawn, other, hour(5))).toEqual(onBasis('vital-interest'));
    const denied = denial({ organisationIds: [shelter] });
    const refused = after(file, recordDenial(file, denied, rules, hour(1)));
    expect(reads(refused, {}, hour(2))).toEqual(NO_BASIS);
    expect(reads(refused, { section: 'identity' }, hour(2))).toEqual(onBasis('vital-interest'));
    expect(reads(refused, other, hour(2))).toEqual(onBasis('vital-interest'));
  });

  it('with the receivers of an ended permission covers only those receivers and the owner', () => {
    const receivers = rule({
      excludedRegions: ['south'],
      excludedOrganisationIds: ['other-shelter'],
    });
    const interimBasis: CaseFileEvent = {
      type: 'BasisRecorded',
      basis: {
        ...basis({ code: 'duty-of-care' }),
        isSubstitute: true,
        endedAt: undefined,
        receivers,
        ownChoices: [],
      },
    };
    const carried = fileWith(interimBasis);
    expect(reads(carried)).toEqual(onBasis('duty-of-care'));
    expect(reads(carried, other)).toEqual(NO_BASIS);
    expect(reads(carried, clinic)).toEqual(NO_BASIS);
    expect(reads(carried, { relations: [{ ...placed, region: 'south' }] })).toEqual(NO_BASIS);
    expect(reads(carried, { organisation: owner, relations: [] })).toEqual(onBasis('duty-of-care'));
  });
});

describe('a file that was opened in an emergency', () => {
  const opening: CaseFileEvent[] = [
    {
      type: 'OpeningRequested',
      opening: {
        openingId: 'o1',
        organisation: 'hospital',
        by: 'doctor',
        reason: 'life-at-risk',
        sections: ['health'],
        lifeAtRisk: true,
        at: noon,
        confirmedBy: undefined,
        until: undefined,
        review: undefined,
      },
    },
    { type: 'FileOpened', openingId: 'o1', confirmedBy: undefined, until: hour(4) },
  ];
  const doctor = { organisation: 'hospital', relations: [] };

  it('is readable by the organisation that opened it, in the opened sections, until it closes', () => {
    const file = fileWith(...opening);
    expect(reads(file, doctor)).toEqual(onBasis('break-glass'));
    expect(reads(file, { ...doctor, section: 'identity' })).toEqual(NO_BASIS);
    expect(reads(file, doctor, hour(4))).toEqual(NOT_FOUND);
    expect(reads(file, { relations: [] })).toEqual(NOT_FOUND);
  });
});
