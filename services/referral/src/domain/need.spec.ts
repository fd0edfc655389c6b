import { expect, it } from 'vitest';
import { hasChild, isUnaccompanied, type Member, type UnderEighteen } from './need.ts';
import { mint } from './saga.fixture.ts';

const party = (...ages: UnderEighteen[]): Member[] =>
  ages.map((underEighteen) => ({
    ...({ memberId: mint(), caseReference: mint() } as never as Member),
    underEighteen,
  }));

it('hasChild counts a person who may be a child as a child', () => {
  expect(hasChild(party('no'))).toBe(false);
  expect(hasChild(party('no', 'yes'))).toBe(true);
  expect(hasChild(party('no', 'unsure'))).toBe(true);
});

it('isUnaccompanied is true where no member of the party is certainly of full age', () => {
  expect(isUnaccompanied(party('yes', 'unsure'))).toBe(true);
  expect(isUnaccompanied(party('yes', 'no'))).toBe(false);
});
