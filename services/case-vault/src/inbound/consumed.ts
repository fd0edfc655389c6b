import { topics } from '@opennrm/contracts/topics';
import { type Meta, type Subscription, subscription } from '@opennrm/messaging';
import { onWithdrawalAcknowledged } from '../handlers/withdrawals.ts';
import { rememberAgreement } from '../outbound/agreements.ts';
import { logDisclosure } from '../outbound/disclosures.ts';
import { rememberOrganisation, rememberService } from '../outbound/organisations.ts';
import { beginRelation, endRelation } from '../outbound/relations.ts';

/*
 * Most of these messages decide nothing: they are kept as they come, by the sender's own references, and are looked up through the map of references
 * when somebody reads. So it does not matter whether a reference is registered before or after them.
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

/** What every service says of a disclosure in the same words. */
const disclosureFrom = (
  byService: string,
  told: ReportedDisclosure,
  meta: Pick<Meta, 'id' | 'at'>,
) => ({
  id: meta.id,
  at: at(told.at, meta.at),
  byService,
  organisationId: told.organisationId,
  personId: told.personId || undefined,
  content: told.content,
  purpose: told.purpose,
  basis: told.basis || 'none',
});

/** What `referral` says: who was asked, and who has to do with whom. */
export const fromReferral: Subscription = subscription(topics.referralForCaseVault, {
  async disclosureMade(tx, told, meta) {
    const said = {
      ...disclosureFrom('referral', told, meta),
      service: 'referral',
      holdId: told.holdId,
    };
    for (const [nth, reference] of told.caseReferences.entries())
      await logDisclosure(tx, {
        ...said,
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
    await rememberOrganisation(tx, organisationId, kind);
  },
  async serviceRegistered(tx, told) {
    await rememberService(tx, told);
  },
  async agreementRecorded(tx, { at: when, ...told }, meta) {
    await rememberAgreement(tx, { ...told, at: at(when, meta.at) });
  },
  withdrawalAcknowledged: (tx, { withdrawnCount: closed, ...acknowledged }, meta) =>
    onWithdrawalAcknowledged(tx, 'referral', { ...acknowledged, closed }, meta.now),
});

/** One message about a party is one disclosure for each person: each gets an id that is the same when the message comes again. */
const nthId = (id: string, nth: number): string =>
  `${id.slice(0, -2)}${((Number.parseInt(id.slice(-2), 16) + nth) % 256).toString(16).padStart(2, '0')}`;

/** What `shelter-capacity` says: who read an address. Whose hold it is, `referral` says. */
export const fromShelters: Subscription = subscription(topics.shelterCapacityForCaseVault, {
  async disclosureMade(tx, told, meta) {
    await logDisclosure(tx, {
      ...disclosureFrom('shelter-capacity', told, meta),
      holdId: told.holdId,
    });
  },
});

const INTAKE = 'identification-intake';

/** What `identification-intake` says: who read a screening. */
export const fromIntake: Subscription = subscription(topics.identificationIntakeForCaseVault, {
  async disclosureMade(tx, told, meta) {
    await logDisclosure(tx, {
      ...disclosureFrom(INTAKE, told, meta),
      service: INTAKE,
      reference: told.caseReference,
    });
  },
  withdrawalAcknowledged: (tx, said, meta) => onWithdrawalAcknowledged(tx, INTAKE, said, meta.now),
});
