import { describe, expect, it } from 'vitest';
import {
  after,
  asking,
  basis,
  given as consentGiven,
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
import { mayRead } from './reading.ts';
import {
  fileWith,
  granted,
  NO_BASIS,
  NOT_FOUND,
  onBasis,
  placed,
  reads,
  recorded,
  rule,
  shelter,
} from './reading-cases.fixture.ts';

describe('a reading by a provider', () => {
  it('is not-found without a relation', () => {
    const file = fileWith(granted(), recorded());
    expect(reads(file, { relations: [] })).toEqual(NOT_FOUND);
  });

  it('is not-found with a relation for another purpose', () =>
    expect(
      reads(fileWith(granted()), { relations: [{ ...placed, purpose: 'health-care' }] }),
    ).toEqual(NOT_FOUND));

  it('is allowed for immediate protection with a relation for accommodation, not with one for health care', () => {
    const file = fileWith(granted({ purpose: 'immediate-protection' }));
    const protection = { purpose: 'immediate-protection' };
    expect(reads(file, protection)).toEqual(onBasis('permission'));
    const careRelation = { ...placed, purpose: 'health-care' };
    expect(reads(file, { ...protection, relations: [careRelation] })).toEqual(NOT_FOUND);
    expect(
      reads(fileWith(granted({ purpose: 'health-care' })), { purpose: 'health-care' }),
    ).toEqual(NOT_FOUND);
  });

  it('is no-basis with a relation but without a basis', () =>
    expect(reads(fileWith())).toEqual(NO_BASIS));

  it('is allowed with a relation and a permission', () =>
    expect(reads(fileWith(granted()))).toEqual(onBasis('permission')));

  it('is allowed for the permitted section and purpose, and for no other', () => {
    const file = fileWith(granted());
    expect(reads(file, { section: 'identity' })).toEqual(NO_BASIS);
    const careRelation = { ...placed, purpose: 'health-care' };
    expect(reads(file, { purpose: 'health-care', relations: [careRelation] })).toEqual(NO_BASIS);
  });

  it('reports the legal basis when a permission exists too', () =>
    expect(reads(fileWith(granted(), recorded()))).toEqual(onBasis('public-task')));

  it('is allowed on a legal basis for the class of one of its two services', () => {
    const receivers = rule({ serviceClasses: ['legal-aid'] });
    const file = fileWith({
      type: 'BasisRecorded',
      basis: { ...basis(), isSubstitute: true, endedAt: undefined, receivers, ownChoices: [] },
    });
    const lawyers = { ...placed, holdId: 'h2', serviceClass: 'legal-aid' };
    expect(reads(file, { relations: [placed, lawyers] })).toEqual(onBasis('public-task'));
    expect(reads(file, { relations: [placed] })).toEqual(NO_BASIS);
  });

  it('is allowed for one of two permitted sections when the person denied the other', () => {
    const receivers = rule({ organisationIds: [shelter], serviceClasses: [] });
    const named = granted({ sections: ['health', 'identity'], receivers });
    const denied = denial({ sections: ['identity'], organisationIds: [shelter] });
    const file = fileWith(named, { type: 'DenialRecorded', denial: denied });
    expect(reads(file, { relations: [] })).toEqual(onBasis('permission'));
  });

  it('is allowed without a relation while a permission that names the provider is valid', () => {
    const file = fileWith(granted({ receivers: rule({ organisationIds: [shelter] }) }));
    expect(reads(file, { relations: [] })).toEqual(onBasis('permission'));
    expect(reads(file, { relations: [] }, hour(24))).toEqual(NOT_FOUND);
  });

  it('is not allowed on a legal basis without a relation, even if a permission names the provider', () => {
    const named = granted({
      sections: ['identity'],
      receivers: rule({ organisationIds: [shelter] }),
    });
    const file = fileWith(named, recorded());
    expect(reads(file, { relations: [] })).toEqual(NO_BASIS);
  });

  it('is allowed with two services of one purpose when either is permitted', () => {
    const file = fileWith(granted({ receivers: rule({ excludedRegions: ['south'] }) }));
    const south = { ...placed, holdId: 'h2', region: 'south' };
    expect(reads(file, { relations: [placed, south] })).toEqual(onBasis('permission'));
    expect(reads(file, { relations: [south, placed] })).toEqual(onBasis('permission'));
    expect(reads(file, { relations: [south] })).toEqual(NO_BASIS);
  });
});

describe('an exclusion', () => {
  it('of an organisation prevails over its name in the same permission', () => {
    const receivers = rule({ organisationIds: [shelter], excludedOrganisationIds: [shelter] });
    expect(reads(fileWith(granted({ receivers })))).toEqual(NO_BASIS);
    expect(reads(fileWith(granted({ receivers })), { relations: [] })).toEqual(NOT_FOUND);
  });

  it('of the only region of a provider prevails over its name in a permission and over its own basis', () => {
    const receivers = rule({ organisationIds: [shelter], excludedRegions: ['north'] });
    expect(reads(fileWith(granted({ receivers })))).toEqual(NO_BASIS);
    const theirs = {
      ...basis(),
      controller: shelter,
      isSubstitute: true,
      endedAt: undefined,
      receivers,
    };
    expect(reads(fileWith({ type: 'BasisRecorded', basis: theirs }))).toEqual(NO_BASIS);
  });

  it('of a region prevails over a permitted service class', () =>
    expect(reads(fileWith(granted({ receivers: rule({ excludedRegions: ['north'] }) })))).toEqual(
      NO_BASIS,
    ));

  it('is not needed to stop a service class that the permission does not name', () =>
    expect(
      reads(fileWith(granted({ receivers: rule({ serviceClasses: ['legal-aid'] }) }))),
    ).toEqual(NO_BASIS));
});

it('a provider of accommodation needs a permission for the purpose for which it reads, also for immediate protection', () => {
  const protection = { purpose: 'immediate-protection' };
  expect(reads(fileWith(granted(protection)), protection)).toEqual(onBasis('permission'));
  expect(reads(fileWith(granted(protection)))).toEqual(NO_BASIS);
  expect(reads(fileWith(granted()), protection)).toEqual(NO_BASIS);
});

describe('a reading over time', () => {
  it('is allowed from the beginning of a permission until just before its end', () => {
    const file = fileWith(granted());
    expect([hour(-1), noon, hour(23), hour(24)].map((at) => reads(file, {}, at).isAllowed)).toEqual(
      [false, true, true, false],
    );
  });

  it('is allowed from the beginning of a legal basis until just before its end', () => {
    const file = fileWith(recorded());
    expect([hour(-1), noon, hour(23), hour(24)].map((at) => reads(file, {}, at).isAllowed)).toEqual(
      [false, true, true, false],
    );
  });

  it('is not allowed after the withdrawal of its permission, unless another permission remains', () => {
    const withdrawn: CaseFileEvent = {
      type: 'PermissionWithdrawn',
      permissionId: 'p1',
      at: hour(1),
      cause: 'withdrawn',
    };
    expect(reads(fileWith(granted(), withdrawn), {}, hour(1))).toEqual(NO_BASIS);
    expect(
      reads(fileWith(granted(), granted({ permissionId: 'p2' }), withdrawn), {}, hour(1)),
    ).toEqual(onBasis('permission'));
  });
});

describe('a reading by the organisation that opened the file', () => {
  const own = { organisation: owner, relations: [] };
  const wrote = (writtenBy: string, version = 1): CaseFileEvent => ({
    type: 'SectionWritten',
    section: 'health',
    version,
    writtenBy,
    at: noon,
  });

  it('is allowed for a section that it wrote itself, for any purpose', () =>
    expect(reads(fileWith(wrote(owner)), { ...own, purpose: 'statistics' })).toEqual(
      onBasis('own-record'),
    ));

  it('needs a basis for a section that another organisation wrote', () => {
    expect(reads(fileWith(wrote(owner), wrote('clinic', 2)), own)).toEqual(NO_BASIS);
    expect(reads(fileWith(wrote('clinic'), recorded()), own)).toEqual(onBasis('public-task'));
  });

  it('is not allowed by a permitted service class, because the organisation has no relation', () =>
    expect(reads(fileWith(granted(), wrote('clinic')), own)).toEqual(NO_BASIS));
});

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

describe('a denial after a permission', () => {
  const denial = (organisationIds: string[], serviceClasses: string[] = []): CaseFileEvent => ({
    type: 'DenialRecorded',
    denial: {
      denialId: 'n1',
      purpose: 'accommodation',
      sections: ['health'],
      organisationIds,
      serviceClasses,
      given: consentGiven({ at: noon }),
    },
  });

  it('stops readings by the denied class, or by the denied organisation only', () => {
    expect(reads(fileWith(granted(), denial([], ['safe-accommodation'])))).toEqual(NO_BASIS);
    expect(reads(fileWith(granted(), denial([shelter])))).toEqual(NO_BASIS);
    expect(reads(fileWith(granted(), denial(['another'])))).toEqual(onBasis('permission'));
  });

  it('makes the case not-found for an organisation that was permitted only by name', () => {
    const named = granted({ receivers: rule({ organisationIds: [shelter] }) });
    expect(reads(fileWith(named, denial([shelter])), { relations: [] })).toEqual(NOT_FOUND);
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

it('a reading on a permission reports its id, so that a withdrawal can list what was disclosed', () => {
  const wish = {
    organisation: shelter,
    section: 'health',
    purpose: 'accommodation',
    relations: [placed],
    powers: [],
  };
  expect(mayRead(fileWith(granted()), wish, rules.powerLimits, noon)).toEqual({
    ...onBasis('permission'),
    permissionId: 'p1',
  });
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
