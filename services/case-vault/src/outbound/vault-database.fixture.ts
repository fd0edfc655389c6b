import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EventOf, type TopicOf, topics } from '@opennrm/contracts/topics';
import { desksOf } from '@opennrm/country';
import { loadCountryPack } from '@opennrm/country/load';
import { type Subscription, typeOf } from '@opennrm/messaging';
import { Actor, type Call, Personal, type Transaction } from '@opennrm/runtime';
import { days, type Instant, instant, after as later } from '@opennrm/runtime/decision';
import { testDatabase } from '@opennrm/testkit';
import type { CaseId } from '../domain/case-file.ts';
import type { ConsentDetails, NewPermission } from '../domain/permission/consent-records.ts';
import * as cases from '../handlers/cases.ts';
import * as notes from '../handlers/notes.ts';
import * as permissions from '../handlers/permissions.ts';
import * as sections from '../handlers/sections.ts';
import { fromIntake, fromReferral, fromShelters } from '../inbound/consumed.ts';
import { fileKeys } from './sealing/file-keys.ts';
import { sealedStoreWith } from './sealing/sealed-store.ts';

export const noon: Instant = instant(Date.UTC(2026, 2, 2, 12));

const { roles } = await loadCountryPack('infra/countries/sample');

export const callOf = (organisation: string, at = noon, role = 'caseworker'): Call => ({
  actor: new Actor({ organisation, role, person: randomUUID() }, desksOf({ roles })),
  at,
  rpc: 'spec',
});

export interface Subject {
  readonly caseId: CaseId;
  readonly owner: string;
  /** The reference by which `referral` knows this case. */
  readonly reference: string;
}

/** The vault on a real PostgreSQL with its own role and its own key folder. It receives messages of other services as encoded bytes. */
export async function vaultDatabase() {
  const { database, contents, drop } = await testDatabase('case-vault');
  const folder = await mkdtemp(join(tmpdir(), 'opennrm-keys-'));
  const [pack, sealedStore] = [
    await loadCountryPack('infra/countries/sample'),
    sealedStoreWith(fileKeys(folder)),
  ];
  const inTransaction = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> =>
    database.transaction(work);

  async function receives<Event extends { readonly $case: string }>(
    from: Subscription,
    topic: TopicOf<Event>,
    event: Event,
    key: string = randomUUID(),
  ): Promise<void> {
    const apply = from.read(typeOf(topic, event.$case), topic.encode(event));
    if (!apply) throw new Error(`no handler for ${event.$case}`);
    await inTransaction((tx) =>
      apply(tx, { id: randomUUID(), key, sequence: 1, epoch: 1, at: noon, now: noon }),
    );
  }

  const given = (more: Partial<ConsentDetails> = {}): ConsentDetails => ({
    form: 'spoken',
    language: 'en',
    interpreter: false,
    interpreterId: undefined,
    witnessId: undefined,
    explained: pack.consent.explanations.map(({ code }) => code),
    guardianId: undefined,
    childView: undefined,
    at: noon,
    recordedBy: 'caseworker',
    ...more,
  });
  return {
    database,
    contents,
    pack,
    sealedStore,
    inTransaction,
    given,
    /** The organisation that holds a desk of the country; empty where every organisation has such a desk. */
    deskHolderOf: (role: string): string =>
      roles.find(({ code }) => code === role)?.heldBy?.[0] ?? '',
    async drop() {
      await drop();
      await rm(folder, { recursive: true });
    },
    async opened(owner: string = randomUUID()): Promise<Subject> {
      const caseId = randomUUID() as string as CaseId;
      const opening = { caseId, services: ['referral'], need: 'safe-accommodation' };
      const given = await inTransaction((tx) => cases.open(tx, pack, opening, callOf(owner)));
      const reference =
        given.kind === 'answer' ? given.response.references[0]?.reference : undefined;
      if (!reference) throw new Error('the case was not opened');
      return { caseId, owner, reference };
    },
    writes: ({ caseId, owner }: Subject, section: string, words: string) =>
      inTransaction((tx) =>
        sections.write(
          tx,
          pack,
          sealedStore,
          { caseId, section, content: new Personal(words) },
          callOf(owner),
        ),
      ),
    reads: (caseId: string, organisation: string, section: string, at = noon) =>
      inTransaction((tx) =>
        sections.read(
          ...([tx, pack, sealedStore] as const),
          { caseId, holdId: undefined, personId: undefined, section, purpose: 'accommodation' },
          callOf(organisation, at),
        ),
      ),
    /** Writes a safety note as the owner of the case. @returns its id. */
    async notes({ caseId, owner }: Subject, safety: string): Promise<string> {
      const noteId = randomUUID();
      const note = { caseId, holdId: undefined, personId: undefined, noteId, safety };
      const content = new Personal('Synthetic note of nobody');
      await inTransaction((tx) =>
        notes.write(tx, pack, sealedStore, { ...note, content }, callOf(owner)),
      );
      return noteId;
    },
    /** Permits accommodation services to read this section for a day. */
    async permits(
      { caseId, owner }: Subject,
      section: string,
      more: Partial<NewPermission> = {},
      at = noon,
    ): Promise<string> {
      const permission: NewPermission = {
        permissionId: randomUUID(),
        purpose: 'accommodation',
        sections: [section],
        given: given(),
        validFrom: noon,
        validUntil: later(noon, days(1)),
        after: undefined,
        renews: undefined,
        ...more,
        receivers: {
          excludedRegions: [],
          excludedOrganisationIds: [],
          organisationIds: [],
          serviceClasses: ['safe-accommodation'],
          ...more.receivers,
        },
      };
      const answered = await inTransaction((tx) =>
        permissions.grant(tx, pack, caseId, permission, callOf(owner, at)),
      );
      if (answered.kind === 'refused') throw new Error(`refused: ${answered.refusal}`);
      return permission.permissionId;
    },
    fromReferral: (event: EventOf<typeof topics.referralForCaseVault>, key?: string) =>
      receives(fromReferral(pack), topics.referralForCaseVault, event, key),
    fromShelters: (event: EventOf<typeof topics.shelterCapacityForCaseVault>) =>
      receives(fromShelters, topics.shelterCapacityForCaseVault, event),
    fromIntake: (event: EventOf<typeof topics.identificationIntakeForCaseVault>) =>
      receives(fromIntake(pack), topics.identificationIntakeForCaseVault, event),
    /** The disclosure list of a case, as its owner sees it, newest first. */
    async disclosures({ caseId, owner }: Subject) {
      const before = { at: Number.MAX_SAFE_INTEGER, id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' };
      const listed = await inTransaction((tx) =>
        cases.listDisclosures(tx, pack, caseId, { before, size: 50 }, callOf(owner)),
      );
      return (listed ?? []).map(
        (row) => `${row.by_service}: ${row.content} for ${row.organisation_id}`,
      );
    },
  };
}

/** The message of `referral` that a relation of an organisation to a person began. */
export const relationBegan = (
  { reference }: Subject,
  organisationId: string,
  holdId: string = randomUUID(),
): EventOf<typeof topics.referralForCaseVault> => ({
  $case: 'relationBegan',
  value: {
    caseReferences: [reference],
    holdId,
    organisationId,
    serviceId: randomUUID(),
    purpose: 'accommodation',
    serviceClass: 'safe-accommodation',
    region: 'harbour',
  },
});
