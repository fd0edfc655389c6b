import { topics } from '@opennrm/contracts/topics';
import type { CountryPack } from '@opennrm/country';
import { type Meta, type Subscription, subscription } from '@opennrm/messaging';
import { onWithdrawalAcknowledged } from '../handlers/withdrawals.ts';
import { rememberAgreement } from '../outbound/agreements.ts';
import { logDisclosure } from '../outbound/disclosures.ts';
import { rememberOrganisation, rememberService } from '../outbound/organisations.ts';
import { beginRelation, endRelation } from '../outbound/relations.ts';

/*
 * Most of these messages decide nothing. They are stored by the sender's own references, and are found at each reading through the map of references.
 * So it does not matter whether a reference is registered before or after them.
 */

const at = (date: Date | undefined, otherwise: number): number => date?.getTime() ?? otherwise;

interface ReportedDisclosure {
  readonly at: Date | undefined;
  readonly organisationId: string;
  readonly personId: string;
  readonly content: string;
  readonly purpose: string;
  readonly basis: string;
}

/** The fields that every service reports of a disclosure. */
const disclosureFrom = (
  byService: string,
  reported: ReportedDisclosure,
  meta: Pick<Meta, 'id' | 'at'>,
) => ({
  id: meta.id,
  at: at(reported.at, meta.at),
  byService,
  organisationId: reported.organisationId,
  personId: reported.personId || undefined,
  content: reported.content,
  purpose: reported.purpose,
  basis: reported.basis || 'none',
});

/** From `referral`: disclosures, relations, organisations and services, agreements, acknowledged withdrawals. */
export const fromReferral = (pack: CountryPack): Subscription =>
  subscription(topics.referralForCaseVault, {
    async disclosureMade(tx, reported, meta) {
      const disclosure = {
        ...disclosureFrom('referral', reported, meta),
        service: 'referral',
        holdId: reported.holdId,
      };
      for (const [nth, reference] of reported.caseReferences.entries())
        logDisclosure(tx, {
          ...disclosure,
          id: nth === 0 ? meta.id : nthId(meta.id, nth),
          reference,
        });
    },
    async relationBegan(tx, { caseReferences: references, ...begun }, meta) {
      await beginRelation(tx, { ...begun, references, streamKey: meta.key, at: meta.at });
    },
    async relationEnded(tx, { holdId, caseReferences }, meta) {
      await endRelation(tx, holdId, caseReferences, meta.at);
    },
    async organisationRegistered(tx, { organisationId, kind }) {
      rememberOrganisation(tx, { id: organisationId, kind });
    },
    async serviceRegistered(tx, reported) {
      rememberService(tx, reported);
    },
    async agreementRecorded(tx, { at: when, ...reported }, meta) {
      await rememberAgreement(tx, { ...reported, at: at(when, meta.at) });
    },
    withdrawalAcknowledged: (tx, { withdrawnCount: closed, ...acknowledged }, meta) =>
      onWithdrawalAcknowledged(tx, pack, 'referral', { ...acknowledged, closed }, meta.now),
  });

/** A message about a party is one disclosure for each person. A repeated message gives the same ids. */
const nthId = (id: string, nth: number): string =>
  `${id.slice(0, -2)}${((Number.parseInt(id.slice(-2), 16) + nth) % 256).toString(16).padStart(2, '0')}`;

/** From `shelter-capacity`: who read an address. The hold leads to the case by the reports of `referral`. */
export const fromShelters: Subscription = subscription(topics.shelterCapacityForCaseVault, {
  async disclosureMade(tx, reported, meta) {
    logDisclosure(tx, {
      ...disclosureFrom('shelter-capacity', reported, meta),
      holdId: reported.holdId,
    });
  },
});

const INTAKE = 'identification-intake';

/** From `identification-intake`: who read a screening, and acknowledged withdrawals. */
export const fromIntake = (pack: CountryPack): Subscription =>
  subscription(topics.identificationIntakeForCaseVault, {
    async disclosureMade(tx, reported, meta) {
      logDisclosure(tx, {
        ...disclosureFrom(INTAKE, reported, meta),
        service: INTAKE,
        reference: reported.caseReference,
      });
    },
    withdrawalAcknowledged: (tx, acknowledged, meta) =>
      onWithdrawalAcknowledged(tx, pack, INTAKE, acknowledged, meta.now),
  });
