import { describe, expect, it } from 'vitest';
import { basis, given as consentGiven, denial, hour, noon, owner, rules } from '../case.fixture.ts';
import type { CaseFileEvent } from '../events.ts';
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
