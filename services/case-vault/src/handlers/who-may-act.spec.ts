import { createHash, randomUUID } from 'node:crypto';
import type { Call, Rpc } from '@opennrm/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caseVaultRpcs } from '../adapters/grpc/case.ts';
import { consentRpcs } from '../adapters/grpc/consent.ts';
import { personRpcs } from '../adapters/grpc/person.ts';
import { safeguardRpcs } from '../adapters/grpc/safeguards.ts';
import { wordsRpcs } from '../adapters/grpc/words.ts';
import { callOf, noon, relationBegan, vaultDatabase } from '../adapters/vault-database.fixture.ts';

let vault: Awaited<ReturnType<typeof vaultDatabase>>;
let calls: Readonly<Record<string, Rpc<never, unknown>>>;
let known: Named;
beforeAll(async () => {
  vault = await vaultDatabase();
  const { pack, safe, database } = vault;
  calls = {
    ...caseVaultRpcs(pack, safe),
    ...consentRpcs(pack),
    ...personRpcs(pack),
    ...safeguardRpcs(pack),
    ...wordsRpcs(pack, safe, database),
  } as unknown as typeof calls;
  known = await aFullFile();
});
afterAll(() => vault.drop());

/** What a request can name. */
interface Named {
  readonly caseId: string;
  readonly otherCaseId: string;
  readonly holdId: string;
  readonly noteId: string;
  readonly permissionId: string;
  readonly basisId: string;
  readonly guardianId: string;
  readonly openingId: string;
  readonly attachmentId: string;
}
const unknown: Named = {
  caseId: randomUUID(),
  otherCaseId: randomUUID(),
  holdId: randomUUID(),
  noteId: randomUUID(),
  permissionId: randomUUID(),
  basisId: randomUUID(),
  guardianId: randomUUID(),
  openingId: randomUUID(),
  attachmentId: randomUUID(),
};

const SECTION = 'family';
const moment = (hours: number) => new Date(noon + hours * 3_600_000);
const page = { pageSize: 0, pageToken: '' };

const how = () => ({
  form: 'spoken',
  language: 'en',
  interpreter: false,
  interpreterId: '',
  witnessId: '',
  explained: vault.pack.consent.explanations.map(({ code }) => code),
  guardianId: '',
  childView: '',
  givenAt: undefined,
});
const permission = (caseId: string, permissionId: string) => ({
  caseId,
  permissionId,
  purpose: 'accommodation',
  sections: [SECTION],
  receivers: {
    excludedRegions: [],
    excludedOrganisationIds: [],
    organisationIds: [],
    serviceClasses: ['safe-accommodation'],
  },
  validFrom: moment(0),
  validUntil: moment(24),
  afterPermissionId: '',
  renewsPermissionId: '',
  ...how(),
});
const basis = (caseId: string, basisId: string) => ({
  caseId,
  basisId,
  code: 'duty-of-care',
  purpose: 'accommodation',
  sections: [SECTION],
  validFrom: moment(0),
  validUntil: moment(24),
  controllerId: '',
  cannotBeAsked: '',
});
const byCase = ({ caseId }: Named) => ({ caseId, holdId: '', personId: '' });
const byHold = ({ holdId }: Named) => ({ caseId: '', holdId, personId: '' });
const opening = (named: Named, openingId: string) => ({
  ...byCase(named),
  openingId,
  sections: [vault.pack.consent.breakGlass.sections[0]],
  reason: vault.pack.consent.breakGlass.reasons[0]?.code,
  lifeAtRisk: true,
});
const piece = (caseId: string, attachmentId: string) => ({
  caseId,
  section: SECTION,
  attachmentId,
  pieces: 1,
  piece: 0,
  content: Buffer.from('synthetic'),
  kind: 'text',
  sha256: createHash('sha256').update('synthetic').digest('hex'),
});

/** A good request of every rpc about something that exists; an rpc that is in none of the three lists fails the first spec below. */
const requests: Readonly<Record<string, (named: Named) => object>> = {
  registerReference: ({ caseId }) => ({ caseId, reference: { service: 'referral', reference: randomUUID() } }),
  setKeepApart: ({ caseId, otherCaseId }) => ({ caseId, otherCaseId, apartId: randomUUID() }),
  listDisclosures: ({ caseId }) => ({ caseId, ...page, forThePerson: false }),
  grantPermission: ({ caseId }) => permission(caseId, randomUUID()),
  withdrawPermission: ({ caseId, permissionId }) => ({ caseId, permissionId, channel: '', how: undefined }),
  recordBasis: ({ caseId }) => basis(caseId, randomUUID()),
  writeSection: ({ caseId }) => ({ caseId, section: SECTION, content: 'Synthetic', corrects: '' }),
  readSection: (named) => ({ ...byCase(named), section: SECTION, purpose: 'accommodation', person: 0, version: 0 }),
  writeNote: (named) => ({ ...byCase(named), noteId: randomUUID(), content: 'Synthetic', safety: '' }),
  readNote: ({ noteId }) => ({ noteId, purpose: 'accommodation' }),
  refusePermission: ({ caseId }) => ({
    caseId,
    refusalId: randomUUID(),
    purpose: 'accommodation',
    sections: [SECTION],
    organisationIds: [],
    serviceClasses: ['safe-accommodation'],
    ...how(),
  }),
  reviewBasis: ({ caseId, basisId }) => ({ caseId, basisId, stays: false }),
  endBasis: ({ caseId, basisId }) => ({ caseId, basisId }),
  getReceipt: ({ caseId, permissionId }) => ({ caseId, recordId: permissionId }),
  getPermission: ({ caseId, permissionId }) => ({ caseId, permissionId }),
  whatIf: ({ caseId }) => ({ caseId, withdrawnPermissionId: '', yes: undefined }),
  listConsents: ({ caseId }) => ({ caseId, ...page }),
  getWithdrawal: ({ caseId, permissionId }) => ({ caseId, permissionId }),
  recordCallBack: ({ caseId, permissionId }) => ({
    caseId,
    permissionId,
    outcome: vault.pack.consent.callBackOutcomes[0]?.code,
    channel: '',
  }),
  recordAge: ({ caseId }) => ({ caseId, age: 'child', birthDate: '' }),
  appointGuardian: ({ caseId }) => ({ caseId, guardianId: randomUUID(), from: moment(0), until: undefined }),
  suspectGuardian: ({ caseId, guardianId }) => ({ caseId, guardianId }),
  changeGuardianship: ({ caseId, guardianId }) => ({ caseId, guardianId, until: moment(5) }),
  liftSuspicion: ({ caseId, guardianId }) => ({ caseId, guardianId }),
  recordCapacity: ({ caseId }) => ({
    caseId,
    decision: 'permission-to-share',
    able: false,
    reason: vault.pack.consent.incapacityReasons[0]?.code,
    askAgainAt: moment(5),
  }),
  setSafeContact: ({ caseId }) => ({ caseId, rules: [] }),
  acknowledgeAlert: ({ caseId, openingId }) => ({ caseId, code: 'opening', about: openingId }),
  resolveAlert: ({ caseId, openingId }) => ({ caseId, code: 'opening', about: openingId }),
  confirmOpening: ({ openingId }) => ({ openingId }),
  reviewOpening: ({ openingId }) => ({ openingId, justified: false }),
  listSectionVersions: ({ caseId }) => ({ caseId, section: SECTION }),
  recordDisagreement: ({ caseId, noteId }) => ({ caseId, section: SECTION, version: 1, noteId }),
  takeBackDisagreement: ({ caseId, noteId }) => ({ caseId, section: SECTION, noteId }),
  listSafetyNotes: (named) => ({ ...byCase(named), purpose: 'accommodation' }),
  endSafetyNote: ({ caseId, noteId }) => ({ caseId, noteId }),
  keepAttachment: ({ caseId }) => piece(caseId, randomUUID()),
  listAttachments: (named) => ({ ...byCase(named), section: SECTION, purpose: 'accommodation', ...page }),
  readAttachment: ({ attachmentId }) => ({ attachmentId, purpose: 'accommodation' }),
};

/** Where a person may also be named by a hold. */
const byAHold: typeof requests = {
  readSection: (named) => ({ ...requests.readSection?.(named), ...byHold(named) }),
  writeNote: (named) => ({ ...requests.writeNote?.(named), ...byHold(named) }),
  listSafetyNotes: (named) => ({ ...requests.listSafetyNotes?.(named), ...byHold(named) }),
  listAttachments: (named) => ({ ...requests.listAttachments?.(named), ...byHold(named) }),
};

/** What names nothing of anybody else's. */
const lists: typeof requests = {
  listPeople: ({ holdId }) => ({ holdId }),
  listAlerts: () => page,
};
/** What anybody may do who has the role: everybody opens a file of their own, and a life at risk is reason enough to open one without a basis. */
const forAnybody = ['openCase', 'breakGlass'];
const mayContact = (named: Named) => ({ ...byCase(named), channel: vault.pack.consent.contactChannels[0]?.code });

it('has a request for every rpc', () =>
  expect([...Object.keys({ ...requests, ...lists }), ...forAnybody, 'mayContact'].sort()).toEqual(
    Object.keys(calls).sort(),
  ));

/** Everybody of another organisation: whatever role the token names, the country gives its own desks to others. */
const roles = ['caseworker', 'coordinator', 'provider-staff', 'data-protection-officer', 'competent-authority'];

describe.each(roles)('a %s of another organisation', (role) => {
  const stranger = () => callOf(randomUUID(), noon, role);

  it.each([...Object.entries(requests), ...Object.entries(byAHold)])(
    'is answered by %s as if there were no such thing, and changes nothing',
    async (name, request) => {
      const before = await vault.contents();
      const given = await sent(name, request(known), stranger());
      expect(given).toMatchObject({ kind: 'refused', refusal: 'not-found' });
      expect(given).toEqual(await sent(name, request(unknown), stranger()));
      expect(await vault.contents()).toEqual(before);
    },
  );

  it('is told by mayContact no, as for a person who does not exist', async () => {
    const before = await vault.contents();
    const given = await sent('mayContact', mayContact(known), stranger());
    expect(given).toMatchObject({ kind: 'answer', response: { may: false, mayLeaveWord: false } });
    expect(given).toEqual(await sent('mayContact', mayContact(unknown), stranger()));
    expect(await vault.contents()).toEqual(before);
  });

  it.each(Object.entries(lists))('is shown nothing by %s', async (name, request) => {
    const { response = {} } = await sent(name, request(known), stranger());
    expect(
      Object.values(response)
        .flat()
        .filter((value) => value !== ''),
    ).toEqual([]);
  });
});

/** A file of which everything exists that a request can name. */
async function aFullFile(): Promise<Named> {
  const [subject, other] = [await vault.opened(), await vault.opened()];
  const { caseId, owner } = subject;
  const ids = { basisId: randomUUID(), guardianId: randomUUID(), openingId: randomUUID(), attachmentId: randomUUID() };
  const own = (name: string, request: object) => sentBy(name, request, callOf(owner));
  await vault.writes(subject, SECTION, 'Synthetic words of nobody');
  const noteId = await vault.notes(subject, vault.pack.consent.safetyNotes[0]?.code ?? '');
  const permissionId = await vault.permits(subject, SECTION);
  const holdId = randomUUID();
  await vault.fromReferral(relationBegan(subject, randomUUID(), holdId));
  const named = { caseId, otherCaseId: other.caseId, holdId, noteId, permissionId, ...ids };
  await own('recordBasis', basis(caseId, ids.basisId));
  await own('recordAge', { caseId, age: 'child', birthDate: '' });
  await own('appointGuardian', { caseId, guardianId: ids.guardianId, from: moment(0), until: undefined });
  await own('keepAttachment', piece(caseId, ids.attachmentId));
  await sentBy('breakGlass', opening(named, ids.openingId), callOf(randomUUID(), noon, 'provider-staff'));
  return named;
}

async function sentBy(name: string, request: object, call: Call): Promise<void> {
  const given = await sent(name, request, call);
  if (given.kind !== 'answer') throw new Error(`${name}: ${JSON.stringify(given)}`);
}

type Given = { readonly kind: string; readonly response?: Record<string, unknown> };

async function sent(name: string, request: object, call: Call): Promise<Given> {
  const rpc = calls[name];
  if (!rpc) throw new Error(`there is no ${name}`);
  const checked = rpc.check(request as never);
  if (!checked.ok) throw new Error(checked.problems.map(({ field, rule }) => `${name} ${field}: ${rule}`).join('; '));
  if (rpc.kind === 'stream') {
    const nothing = () => Promise.reject(new Error('a stranger was sent something'));
    const work = checked.work as (call: Call, send: typeof nothing, signal: AbortSignal) => Promise<Given | undefined>;
    return (await work(call, nothing, new AbortController().signal)) ?? { kind: 'answer' };
  }
  return vault.inTurn((tx) => (checked.work as (on: typeof tx, by: Call) => Promise<Given>)(tx, call));
}
