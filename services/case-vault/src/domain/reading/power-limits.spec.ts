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

describe('a power limit applies whatever was permitted', () => {
  const police = { organisation: 'police', relations: [], powers: ['enforcement'] as const };
  const named = (more: Partial<NewPermission>) =>
    fileWith(granted({ receivers: rule({ organisationIds: ['police'] }), ...more }));

  it('support is never read by who also enforces', () =>
    expect(reads(named({}), police)).toEqual(NO_BASIS));

  it('nor on a legal basis of its own', () =>
    expect(
      reads(fileWith(recorded({ controller: 'police', code: 'legal-obligation' })), police),
    ).toEqual(NO_BASIS));

  it('what the limit allows is read only with permission', () => {
    const evidence = { purpose: 'criminal-proceedings', section: 'evidence' };
    const file = named({ purpose: 'criminal-proceedings', sections: ['evidence'] });
    expect(reads(file, { ...police, ...evidence })).toEqual(onBasis('permission'));
    expect(reads(named({}), { ...police, ...evidence })).toEqual(NO_BASIS);
    expect(reads(file, { ...police, ...evidence, powers: ['immigration-control'] })).toEqual(
      NO_BASIS,
    );
  });
});
