import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { callOf, noon, vaultDatabase } from '../outbound/vault-database.fixture.ts';
import * as cases from './cases.ts';

let vault: Awaited<ReturnType<typeof vaultDatabase>>;
beforeAll(async () => {
  vault = await vaultDatabase();
});
afterAll(() => vault.drop());

const told = (organisationId: string) => ({
  organisationId,
  personId: '',
  purpose: 'accommodation',
  basis: 'permission',
  at: new Date(noon),
});
const registers = (caseId: string, service: string, reference: string, owner: string) =>
  vault.inTransaction((tx) =>
    cases.register(tx, vault.pack, caseId, { service, reference }, callOf(owner)),
  );

it('lists what was told before its reference was registered: an emergency comes first', async () => {
  const subject = await vault.opened();
  const [minted, shelter, holdId, escort] = [
    randomUUID(),
    randomUUID(),
    randomUUID(),
    randomUUID(),
  ];
  await vault.fromReferral({
    $case: 'disclosureMade',
    value: { ...told(shelter), caseReferences: [minted], holdId, content: 'offer' },
  });
  await vault.fromShelters({
    $case: 'disclosureMade',
    value: { ...told(escort), holdId, content: 'arrival-address' },
  });
  expect(await vault.disclosures(subject)).toEqual([]);
  await registers(subject.caseId, 'referral', minted, subject.owner);
  expect((await vault.disclosures(subject)).sort()).toEqual(
    [`referral: offer for ${shelter}`, `shelter-capacity: arrival-address for ${escort}`].sort(),
  );
});

it('lists who read a screening', async () => {
  const subject = await vault.opened();
  const [reference, authority] = [randomUUID(), randomUUID()];
  await vault.fromIntake({
    $case: 'disclosureMade',
    value: { ...told(authority), caseReference: reference, content: 'screening' },
  });
  await registers(subject.caseId, 'identification-intake', reference, subject.owner);
  expect(await vault.disclosures(subject)).toEqual([
    `identification-intake: screening for ${authority}`,
  ]);
});

it('lists what was told of a party to each person of it, and of nobody else', async () => {
  const [mother, child, another] = [
    await vault.opened(),
    await vault.opened(),
    await vault.opened(),
  ];
  const shelter = randomUUID();
  const caseReferences = [mother.reference, child.reference];
  await vault.fromReferral({
    $case: 'disclosureMade',
    value: { ...told(shelter), caseReferences, holdId: randomUUID(), content: 'coded-profile' },
  });
  const line = `referral: coded-profile for ${shelter}`;
  expect(await vault.disclosures(mother)).toEqual([line]);
  expect(await vault.disclosures(child)).toEqual([line]);
  expect(await vault.disclosures(another)).toEqual([]);
});

it('is not listed for another organisation, be it for its own officer; for the country’s data protection officer it is', async () => {
  const { caseId } = await vault.opened();
  const before = { at: Number.MAX_SAFE_INTEGER, id: randomUUID() as string };
  const officer = 'data-protection-officer';
  const listFor = (who: string, role?: string) =>
    vault.inTransaction((tx) =>
      cases.listDisclosures(tx, vault.pack, caseId, { before, size: 10 }, callOf(who, noon, role)),
    );
  expect(await listFor(randomUUID())).toBeUndefined();
  expect(await listFor(randomUUID(), officer)).toBeUndefined();
  expect(await listFor(vault.bodyOf(officer), officer)).toEqual([]);
});

it('refuses a reference that is of another case, without saying of which', async () => {
  const [one, two] = [await vault.opened(), await vault.opened()];
  expect(await registers(two.caseId, 'referral', one.reference, two.owner)).toEqual({
    kind: 'refused',
    refusal: 'already-exists',
    field: 'reference.reference',
  });
});
