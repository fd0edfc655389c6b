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

it('the disclosure list includes disclosures that were reported before their reference was registered', async () => {
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

it('the disclosure list shows who read a screening', async () => {
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

it('the disclosure list of each person of a party shows a disclosure about the party', async () => {
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

it('the disclosure list is shown to the country’s data protection officer, and to no other organisation or its officer', async () => {
  const { caseId } = await vault.opened();
  const before = { at: Number.MAX_SAFE_INTEGER, id: randomUUID() as string };
  const officer = 'data-protection-officer';
  const listFor = (who: string, role?: string) =>
    vault.inTransaction((tx) =>
      cases.listDisclosures(tx, vault.pack, caseId, { before, size: 10 }, callOf(who, noon, role)),
    );
  expect(await listFor(randomUUID())).toBeUndefined();
  expect(await listFor(randomUUID(), officer)).toBeUndefined();
  expect(await listFor(vault.deskHolderOf(officer), officer)).toEqual([]);
});

it('registering a reference of another case is refused without naming that case', async () => {
  const [one, two] = [await vault.opened(), await vault.opened()];
  expect(await registers(two.caseId, 'referral', one.reference, two.owner)).toEqual({
    kind: 'refused',
    refusal: 'already-exists',
    field: 'reference.reference',
  });
});
