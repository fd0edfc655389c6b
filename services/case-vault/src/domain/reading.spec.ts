import type { Instant } from '@opennrm/runtime/decision';
import { describe, expect, it } from 'vitest';
import { basis, hour, noon, opened, owner, permission } from './case.fixture.ts';
import type { CaseFile, Permission } from './case-file.ts';
import type { CaseFileEvent } from './events.ts';
import { evolve } from './evolve.ts';
import { type MayRead, mayRead, type Reading, type Relation } from './reading.ts';

const shelter = 'shelter';
const placed: Relation = {
  ...{ holdId: 'h1', serviceClass: 'safe-accommodation', region: 'north', purpose: 'accommodation' },
};
const fileWith = (...events: CaseFileEvent[]): CaseFile =>
  [opened, ...events].reduce<CaseFile | undefined>(evolve, undefined) as CaseFile;
const granted = (more: Partial<Permission> = {}): CaseFileEvent => ({
  ...{ type: 'PermissionGranted', permission: permission(more) },
});
const rule = (more: Partial<Permission['receivers']>) => ({
  ...{ excludedRegions: [], excludedOrganisationIds: [], organisationIds: [], serviceClasses: ['safe-accommodation'] },
  ...more,
});
const reads = (file: CaseFile, more: Partial<Reading> = {}, at: Instant = hour(1)): MayRead =>
  mayRead(
    file,
    { organisation: shelter, section: 'health', purpose: 'accommodation', relations: [placed], ...more },
    at,
  );
const onBasis = (code: string) => ({ may: true, basis: code });
const NOT_FOUND = { may: false, refusal: 'not-found' };
const NO_BASIS = { may: false, refusal: 'no-basis' };

describe('a provider', () => {
  it('without a relation is not told that the person exists', () => {
    const file = fileWith(granted(), { type: 'BasisRecorded', basis: basis() });
    expect(reads(file, { relations: [] })).toEqual(NOT_FOUND);
  });

  it('with a relation for another purpose is told nothing either', () =>
    expect(reads(fileWith(granted()), { relations: [{ ...placed, purpose: 'health-care' }] })).toEqual(NOT_FOUND));

  it('with a relation and nothing to stand on is told that there is no basis', () =>
    expect(reads(fileWith())).toEqual(NO_BASIS));

  it('with a relation reads what the person permits', () =>
    expect(reads(fileWith(granted()))).toEqual(onBasis('permission')));

  it('reads the permitted section for the permitted purpose, and no other', () => {
    const file = fileWith(granted());
    expect(reads(file, { section: 'identity' })).toEqual(NO_BASIS);
    const careRelation = { ...placed, purpose: 'health-care' };
    expect(reads(file, { purpose: 'health-care', relations: [careRelation] })).toEqual(NO_BASIS);
  });

  it('with a relation reads on a legal basis, which is named before a permission', () =>
    expect(reads(fileWith(granted(), { type: 'BasisRecorded', basis: basis() }))).toEqual(onBasis('vital-interest')));

  it('named in a permission reads without a relation, while the permission stands', () => {
    const file = fileWith(granted({ receivers: rule({ organisationIds: [shelter] }) }));
    expect(reads(file, { relations: [] })).toEqual(onBasis('permission'));
    expect(reads(file, { relations: [] }, hour(24))).toEqual(NOT_FOUND);
  });

  it('never reads on a legal basis without a relation, though a permission names it', () => {
    const named = granted({ sections: ['identity'], receivers: rule({ organisationIds: [shelter] }) });
    const file = fileWith(named, { type: 'BasisRecorded', basis: basis() });
    expect(reads(file, { relations: [] })).toEqual(NO_BASIS);
  });

  it('with two services of one purpose reads when either is permitted', () => {
    const file = fileWith(granted({ receivers: rule({ excludedRegions: ['south'] }) }));
    const south = { ...placed, holdId: 'h2', region: 'south' };
    expect(reads(file, { relations: [placed, south] })).toEqual(onBasis('permission'));
    expect(reads(file, { relations: [south, placed] })).toEqual(onBasis('permission'));
    expect(reads(file, { relations: [south] })).toEqual(NO_BASIS);
  });
});

describe('exclusions come first', () => {
  it('for an organisation, though it is named too', () => {
    const receivers = rule({ organisationIds: [shelter], excludedOrganisationIds: [shelter] });
    expect(reads(fileWith(granted({ receivers })))).toEqual(NO_BASIS);
    expect(reads(fileWith(granted({ receivers })), { relations: [] })).toEqual(NOT_FOUND);
  });

  it('for a region, whatever the class of the service', () =>
    expect(reads(fileWith(granted({ receivers: rule({ excludedRegions: ['north'] }) })))).toEqual(NO_BASIS));

  it('and a class that is not named may not receive', () =>
    expect(reads(fileWith(granted({ receivers: rule({ serviceClasses: ['legal-aid'] }) })))).toEqual(NO_BASIS));
});

describe('time', () => {
  it('begins and ends a permission to the moment', () => {
    const file = fileWith(granted());
    expect([hour(-1), noon, hour(23), hour(24)].map((at) => reads(file, {}, at).may)).toEqual([
      ...[false, true, true, false],
    ]);
  });

  it('begins and ends a legal basis to the moment', () => {
    const file = fileWith({ type: 'BasisRecorded', basis: basis() });
    expect([hour(-1), noon, hour(23), hour(24)].map((at) => reads(file, {}, at).may)).toEqual([
      ...[false, true, true, false],
    ]);
  });

  it('a withdrawal stops the next read, and leaves another permission as it is', () => {
    const withdrawn: CaseFileEvent = { type: 'PermissionWithdrawn', permissionId: 'p1', at: hour(1) };
    expect(reads(fileWith(granted(), withdrawn), {}, hour(1))).toEqual(NO_BASIS);
    expect(reads(fileWith(granted(), granted({ permissionId: 'p2' }), withdrawn), {}, hour(1))).toEqual(
      onBasis('permission'),
    );
  });
});

describe('the organisation that opened the file', () => {
  const own = { organisation: owner, relations: [] };
  const wrote = (writtenBy: string, version = 1): CaseFileEvent => ({
    ...{ type: 'SectionWritten', section: 'health', version, writtenBy, at: noon },
  });

  it('reads what it wrote itself, for any purpose', () =>
    expect(reads(fileWith(wrote(owner)), { ...own, purpose: 'statistics' })).toEqual(onBasis('own-record')));

  it('needs a basis or a permission for what another one wrote', () => {
    expect(reads(fileWith(wrote(owner), wrote('clinic', 2)), own)).toEqual(NO_BASIS);
    expect(reads(fileWith(wrote('clinic'), { type: 'BasisRecorded', basis: basis() }), own)).toEqual(
      onBasis('vital-interest'),
    );
  });

  it('is no receiver by class: it has no relation', () =>
    expect(reads(fileWith(granted(), wrote('clinic')), own)).toEqual(NO_BASIS));
});
