import { randomUUID } from 'node:crypto';
import { ArrivalServiceService } from '@opennrm/contracts/opennrm/identification_intake/v1/arrivals.ts';
import { IdentificationServiceService } from '@opennrm/contracts/opennrm/identification_intake/v1/identification.ts';
import { IntakeFormServiceService } from '@opennrm/contracts/opennrm/identification_intake/v1/intake_form.ts';
import { NoticeServiceService } from '@opennrm/contracts/opennrm/identification_intake/v1/notice.ts';
import { IdentificationIntakeServiceService } from '@opennrm/contracts/opennrm/identification_intake/v1/service.ts';
import { type CountryPack, desksOf } from '@opennrm/country';
import { loadCountryPack } from '@opennrm/country/load';
import { Actor, type Call, type Transaction } from '@opennrm/runtime';
import { days, after as later } from '@opennrm/runtime/decision';
import { specifyWhoMayAct, testDatabase } from '@opennrm/testkit';
import { decide } from '../domain/formal-process/deciding.ts';
import { takeUp } from '../domain/formal-process/referring.ts';
import { listsOf } from '../domain/screening/indicator-list.ts';
import { arrivalRpcs } from '../inbound/grpc/arrivals.ts';
import { identificationRpcs } from '../inbound/grpc/identification.ts';
import { intakeFormRpcs } from '../inbound/grpc/intake-form.ts';
import { noticeRpcs } from '../inbound/grpc/notices.ts';
import { rpcs as screeningRpcs } from '../inbound/grpc/screening.ts';
import { registerArrival } from '../outbound/arrivals.ts';
import { keepNotice } from '../outbound/notices.ts';
import { rememberReference } from '../outbound/references.ts';
import type { CountryData } from './country-data.ts';
import { begin, change, submit } from './procedures.ts';
import * as screenings from './screenings.ts';
import {
  ANNOUNCED,
  authorityOf,
  type Ids,
  noon,
  onArrivals,
  onForms,
  onNotices,
  onProcedures,
  onScreenings,
} from './who-may-act.fixture.ts';

const sample = await loadCountryPack('infra/countries/sample');
const { dutyToNotify } = sample.identification;
/** The sample country, changed so that it requires notices. */
const pack: CountryPack = {
  ...sample,
  identification: { ...sample.identification, dutyToNotify: { ...dutyToNotify, required: true } },
};
const country: CountryData = {
  packs: { current: pack, byId: () => Promise.resolve(pack) },
  lists: listsOf([pack]),
};
const callOf = (organisation: string, role: string): Call => ({
  actor: new Actor({ person: randomUUID(), organisation, role }, desksOf(pack)),
  at: noon,
  rpc: 'spec',
});
const officer = callOf(authorityOf(pack), 'competent-authority');

/**
 * Creates one of each thing that a call can name, for one organisation: an open screening, and a child's procedure with a decided first
 * step.
 */
async function filled(tx: Transaction, organisation: string): Promise<Ids> {
  const [caseReference, screeningId, processId, decisionId, tokenId, noticeId] = Array.from(
    { length: 6 },
    () => randomUUID(),
  ) as [string, string, string, string, string, string];
  const call = callOf(organisation, 'responder');
  await rememberReference(tx, caseReference);
  const screening = {
    screeningId,
    caseReference,
    list: 'ilo-2009',
    age: 'adult',
    basis: 'permission',
  } as const;
  const session = {
    language: 'en',
    interpreter: false,
    interpreterId: undefined,
    by: call.actor.person,
  };
  const safety = { asked: true, speaksFreely: true, inDanger: false };
  await screenings.begin(
    tx,
    country,
    { ...screening, ownerOrg: organisation, at: noon, session, safety },
    call,
  );
  const referral = {
    processId,
    caseReference,
    authorityId: authorityOf(pack),
    age: 'child',
  } as const;
  await begin(tx, country, referral, call);
  await submit(tx, country, processId, false, call);
  await change(tx, country, processId, officer, (procedure) => takeUp(procedure, officer.actor));
  const verdict = {
    decisionId,
    outcome: 'positive',
    reasons: ['indicators-present'],
    evidence: [],
  } as const;
  const by = { noteId: undefined, actor: officer.actor, at: noon };
  await change(tx, country, processId, officer, (procedure, rules) =>
    decide(procedure, { ...verdict, ...by }, rules),
  );
  const kept = { ownerOrg: organisation, at: noon };
  const person = {
    helpNeeded: 2,
    age: 'adult',
    accompaniedBy: 'family',
    groupId: undefined,
  } as const;
  await registerArrival(tx, { ...kept, ...person, tokenId, keepUntil: later(noon, days(2)) });
  await keepNotice(tx, { ...kept, noticeId, ruleVersion: pack.id, content: {}, late: false });
  return { caseReference, screeningId, processId, decisionId, tokenId, noticeId };
}

specifyWhoMayAct<Ids>({
  roles: pack.roles,
  rows: { ...onScreenings, ...onProcedures(pack), ...onForms, ...onNotices, ...onArrivals },
  openToIdHolders: {
    isRemovalBarred:
      'the person shows the marker to an officer: the answer is yes or no, and the person can see who asked',
  },
  async prepare() {
    const { database, contents, drop } = await testDatabase('identification-intake');
    const [owner, neighbour]: [string, string] = [randomUUID(), randomUUID()];
    const ids = await database.transaction(async (tx) => {
      await rememberReference(tx, ANNOUNCED);
      await filled(tx, neighbour);
      return filled(tx, owner);
    });
    return {
      database,
      contents,
      drop,
      now: noon,
      desks: desksOf(pack),
      ids,
      owner,
      neighbour,
      definitions: [
        IdentificationIntakeServiceService,
        IdentificationServiceService,
        IntakeFormServiceService,
        NoticeServiceService,
        ArrivalServiceService,
      ],
      join: (server) =>
        server
          .add(IdentificationIntakeServiceService, screeningRpcs(country))
          .add(IdentificationServiceService, identificationRpcs(country))
          .add(IntakeFormServiceService, intakeFormRpcs(country))
          .add(NoticeServiceService, noticeRpcs(country))
          .add(ArrivalServiceService, arrivalRpcs(country)),
    };
  },
});
