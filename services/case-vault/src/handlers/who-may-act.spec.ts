import { randomUUID } from 'node:crypto';
import { CaseRecordServiceService } from '@opennrm/contracts/opennrm/case_vault/v1/case_record.ts';
import { ConsentServiceService } from '@opennrm/contracts/opennrm/case_vault/v1/consent.ts';
import { PersonServiceService } from '@opennrm/contracts/opennrm/case_vault/v1/person.ts';
import { SafeguardServiceService } from '@opennrm/contracts/opennrm/case_vault/v1/safeguards.ts';
import { CaseVaultServiceService } from '@opennrm/contracts/opennrm/case_vault/v1/service.ts';
import { desksOf } from '@opennrm/country';
import { loadCountryPack } from '@opennrm/country/load';
import { Personal } from '@opennrm/runtime';
import { days, after as later } from '@opennrm/runtime/decision';
import { specifyWhoMayAct } from '@opennrm/testkit';
import { caseVaultRpcs } from '../inbound/grpc/case.ts';
import { caseRecordRpcs } from '../inbound/grpc/case-record.ts';
import { consentRpcs } from '../inbound/grpc/consent.ts';
import { personRpcs } from '../inbound/grpc/person.ts';
import { safeguardRpcs } from '../inbound/grpc/safeguards.ts';
import {
  callOf,
  noon,
  relationBegan,
  type Subject,
  vaultDatabase,
} from '../outbound/vault-database.fixture.ts';
import * as attachments from './attachments.ts';
import * as disagreements from './disagreements.ts';
import * as notes from './notes.ts';
import * as openings from './openings.ts';
import * as permissions from './permissions.ts';
import * as person from './person.ts';
import {
  type Ids,
  onCases,
  onConsent,
  PURPOSE,
  piece,
  SAFE_CONTACT,
  SECTION,
} from './who-may-act.fixture.ts';
import { onCaseRecord, onOpenings, onPerson } from './who-may-act-records.fixture.ts';
import * as withdrawals from './withdrawals.ts';

const pack = await loadCountryPack('infra/countries/sample');
type Vault = Awaited<ReturnType<typeof vaultDatabase>>;

/** A child's file with one record of each kind that a call can name. */
async function filled(vault: Vault): Promise<Ids & { readonly owner: string }> {
  const subject = await vault.opened();
  const { caseId, owner, reference } = subject;
  const { caseId: otherCaseId } = await vault.opened(owner);
  const [shelterId, holdId, basisId, guardianId]: string[] = Array.from({ length: 4 }, () =>
    randomUUID(),
  );
  const call = callOf(owner);
  const { inTransaction } = vault;
  await vault.writes(subject, SECTION, 'Synthetic content of nobody');
  const [permissionId, withdrawnId] = [
    await vault.permits(subject, SECTION),
    await vault.permits(subject, SECTION),
  ];
  const took = { caseId, permissionId: withdrawnId, channel: 'telephone' as const };
  await inTransaction((tx) => withdrawals.withdraw(tx, pack, took, call));
  const basis = {
    basisId: basisId ?? '',
    code: 'duty-of-care',
    purpose: PURPOSE,
    sections: [SECTION],
  };
  const forADay = { validFrom: noon, validUntil: later(noon, days(1)), controller: undefined };
  await inTransaction((tx) => permissions.basis(tx, pack, caseId, { ...basis, ...forADay }, call));
  await vault.fromReferral(relationBegan(subject, shelterId ?? '', holdId));
  await inTransaction((tx) =>
    person.age(tx, pack, { caseId, age: 'child', eighteenAt: undefined }, call),
  );
  const guardian = { guardianId: guardianId ?? '', from: noon, until: undefined };
  await inTransaction((tx) => person.appoint(tx, pack, caseId, guardian, call));
  await inTransaction((tx) => person.setContact(tx, pack, caseId, SAFE_CONTACT, call));
  return {
    owner,
    caseId,
    otherCaseId,
    reference,
    permissionId,
    withdrawnId,
    basisId: basisId ?? '',
    guardianId: guardianId ?? '',
    shelterId: shelterId ?? '',
    holdId: holdId ?? '',
    ...(await withWords(vault, subject)),
    openedId: await opens(vault, subject, 'life-at-risk'),
    askedId: await opens(vault, subject, 'missing'),
  };
}

async function withWords(vault: Vault, subject: Subject) {
  const { caseId, owner } = subject;
  const [noteId, disagreementId, attachmentId] = [randomUUID(), randomUUID(), randomUUID()] as [
    string,
    string,
    string,
  ];
  const call = callOf(owner);
  for (const id of [noteId, disagreementId]) {
    const note = {
      caseId,
      holdId: undefined,
      personId: undefined,
      noteId: id,
      content: new Personal('Synthetic'),
    };
    await vault.inTransaction((tx) => notes.write(tx, pack, vault.sealedStore, note, call));
  }
  const against = { caseId, section: SECTION, version: 1, noteId: disagreementId };
  await vault.inTransaction((tx) => disagreements.record(tx, pack, against, call));
  await vault.inTransaction((tx) =>
    attachments.upload(tx, pack, vault.sealedStore, { caseId, attachmentId, ...piece }, call),
  );
  return {
    noteId,
    disagreementId,
    attachmentId,
    safetyNoteId: await vault.notes(subject, 'allergy'),
  };
}

/** Requests an opening by an organisation without a relation to the person. */
async function opens(vault: Vault, { caseId }: Subject, reason: string): Promise<string> {
  const openingId: string = randomUUID();
  const ask = {
    caseId,
    holdId: undefined,
    personId: undefined,
    openingId,
    reason,
    sections: [SECTION],
  };
  await vault.inTransaction((tx) =>
    openings.open(tx, pack, { ...ask, lifeAtRisk: true }, callOf(randomUUID())),
  );
  return openingId;
}

specifyWhoMayAct<Ids>({
  roles: pack.roles,
  rows: { ...onCases(pack), ...onConsent(pack), ...onPerson, ...onCaseRecord, ...onOpenings },
  async prepare() {
    const vault = await vaultDatabase();
    const { owner, ...ids } = await filled(vault);
    const { owner: neighbour } = await vault.opened();
    const { database, contents, drop, sealedStore } = vault;
    return {
      database,
      contents,
      drop,
      now: noon,
      desks: desksOf(pack),
      ids: ids as Ids,
      owner,
      neighbour,
      definitions: [
        CaseVaultServiceService,
        ConsentServiceService,
        PersonServiceService,
        CaseRecordServiceService,
        SafeguardServiceService,
      ],
      join: (server) =>
        server
          .add(CaseVaultServiceService, caseVaultRpcs(pack, sealedStore))
          .add(ConsentServiceService, consentRpcs(pack))
          .add(PersonServiceService, personRpcs(pack))
          .add(CaseRecordServiceService, caseRecordRpcs(pack, sealedStore, database))
          .add(SafeguardServiceService, safeguardRpcs(pack)),
    };
  },
});
