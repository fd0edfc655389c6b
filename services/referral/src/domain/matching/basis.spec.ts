import { after, hours } from '@opennrm/runtime/decision';
import { expect, it } from 'vitest';
import { monday, service } from '../saga.fixture.ts';
import { withPermission } from '../scenario.fixture.ts';
import { coversReceiver, type LegalBasis, type ReceiverRule, validBasisCode } from './basis.ts';

const purposes = ['accommodation', 'immediate-protection'];
const recorded = (change: Partial<LegalBasis> = {}): LegalBasis => ({
  basisId: 'b1',
  code: 'public-task',
  purpose: 'accommodation',
  validFrom: monday,
  validUntil: after(monday, hours(1)),
  ...change,
});
const basisCodeAt = (basis: LegalBasis, now = monday): string | undefined =>
  validBasisCode({ ...withPermission(), permissions: [], bases: [basis] }, { purposes, now });

it('a legal basis allows a search for a place from its first moment until its last', () => {
  expect(basisCodeAt(recorded(), after(monday, -1))).toBeUndefined();
  expect(basisCodeAt(recorded())).toBe('public-task');
  expect(basisCodeAt(recorded(), after(monday, hours(1) - 1))).toBe('public-task');
  expect(basisCodeAt(recorded(), after(monday, hours(1)))).toBeUndefined();
});

it('a legal basis for another purpose allows no search for a place', () => {
  expect(basisCodeAt(recorded({ purpose: 'immediate-protection' }))).toBe('public-task');
  expect(basisCodeAt(recorded({ purpose: 'health-care' }))).toBeUndefined();
});

it('a permission covers no service in a region that it excludes, nor one that it excludes by name', () => {
  const shelter = service('by-offer');
  const covers = (rule: Partial<ReceiverRule>): boolean => {
    const permissions = withPermission().permissions.map((one) => ({
      ...one,
      receivers: { ...one.receivers, ...rule },
    }));
    return coversReceiver({ ...withPermission(), permissions }, shelter, { purposes, now: monday });
  };
  expect(covers({})).toBe(true);
  expect(covers({ excludedRegions: ['harbour'] })).toBe(false);
  expect(covers({ excludedOrganisationIds: [shelter.organisationId] })).toBe(false);
});
