import { describe, expect, it } from 'vitest';
import type { NewPermission } from '../permission/consent-records.ts';
import {
  fileWith,
  granted,
  NO_BASIS,
  onBasis,
  reads,
  recorded,
  rule,
} from './reading-cases.fixture.ts';

describe('a power limit', () => {
  const police = { organisation: 'police', relations: [], powers: ['enforcement'] as const };
  const named = (more: Partial<NewPermission>) =>
    fileWith(granted({ receivers: rule({ organisationIds: ['police'] }), ...more }));

  it('forbids an organisation that enforces to read support data with a permission', () =>
    expect(reads(named({}), police)).toEqual(NO_BASIS));

  it('forbids an organisation that enforces to read support data on its own legal basis', () =>
    expect(
      reads(fileWith(recorded({ controller: 'police', code: 'legal-obligation' })), police),
    ).toEqual(NO_BASIS));

  it('allows a reading within the limit only with a permission', () => {
    const evidence = { purpose: 'criminal-proceedings', section: 'evidence' };
    const file = named({ purpose: 'criminal-proceedings', sections: ['evidence'] });
    expect(reads(file, { ...police, ...evidence })).toEqual(onBasis('permission'));
    expect(reads(named({}), { ...police, ...evidence })).toEqual(NO_BASIS);
    expect(reads(file, { ...police, ...evidence, powers: ['immigration-control'] })).toEqual(
      NO_BASIS,
    );
  });
});
