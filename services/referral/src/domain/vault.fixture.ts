import { after, hours, type Instant } from '@opennrm/runtime/decision';
import { type CaseBasis, withAge, withDenial } from './matching/basis.ts';
import type { Service } from './matching/service.ts';
import type { CaseReference, UnderEighteen } from './need.ts';
import type { Referral } from './referral.ts';
import { monday } from './saga.fixture.ts';
import { references, withPermission } from './scenario.fixture.ts';
import type { Knowledge } from './steps.ts';

const LONG = hours(24 * 365);
const nothing = (caseReference: CaseReference): CaseBasis => ({
  caseReference,
  registered: false,
  decidedPurposes: [],
  permissions: [],
  bases: [],
  apartIds: [],
});

/** What a history begins with: a basis code that suffices, the person's permission, another legal basis, or nothing. */
export type InitialBasis = 'alone' | 'permitted' | 'recorded' | 'nothing';

/** What the vault announced for each case so far, and the cases whose stream cannot be read now. */
export class Vault {
  readonly #cases: Map<string, CaseBasis>;
  readonly #quarantined = new Set<string>();

  constructor(initialBasis: InitialBasis) {
    this.#cases = new Map(references.map((reference) => [reference, nothing(reference)]));
    references.forEach((reference, nth) => {
      if (initialBasis === 'permitted') this.#cases.set(reference, withPermission(nth));
      if (initialBasis === 'recorded') this.records(reference, 'public-task', monday, LONG);
    });
  }

  /** The knowledge of a decision: a quarantined reference has no permission, and its age may be unread (design rule 12). */
  known(): ReadonlyMap<string, CaseBasis> {
    const readable = (known: CaseBasis): CaseBasis =>
      this.#quarantined.has(known.caseReference)
        ? { ...known, permissions: [], isAgeUnread: true }
        : known;
    return new Map(
      [...this.#cases.values()].map((known) => [known.caseReference, readable(known)]),
    );
  }

  grants(reference: string, now: Instant, ms: number, excluded: readonly string[]): void {
    const [permission] = withPermission().permissions;
    if (!permission) return;
    const receivers = { ...permission.receivers, excludedOrganisationIds: [...excluded] };
    const granted = { ...permission, receivers, validFrom: now, validUntil: after(now, ms) };
    this.#change(reference, (known) => ({
      ...known,
      registered: true,
      decidedPurposes: ['accommodation'],
      permissions: [granted],
    }));
  }

  withdraws(reference: string): void {
    this.#change(reference, (known) => ({ ...known, permissions: [] }));
  }

  records(reference: string, code: string, now: Instant, ms: number): void {
    const recorded = {
      basisId: 'b',
      code,
      purpose: 'accommodation',
      validFrom: now,
      validUntil: after(now, ms),
    };
    this.#change(reference, (known) => ({
      ...known,
      registered: true,
      decidedPurposes: ['accommodation'],
      bases: [recorded],
    }));
  }

  ends(reference: string, now: Instant): void {
    this.#change(reference, (known) => ({
      ...known,
      bases: known.bases.map((basis) => ({ ...basis, validUntil: now })),
    }));
  }

  refuses(reference: string, denialId: string, organisationIds: readonly string[]): void {
    const denial = { denialId, purpose: 'accommodation', organisationIds, serviceClasses: [] };
    this.#change(reference, (known) => withDenial(known, denial));
  }

  limits(reference: string, now: Instant, ms: number, excluded: readonly string[]): void {
    const [permission] = withPermission().permissions;
    if (!permission) return;
    const receivers = { ...permission.receivers, excludedOrganisationIds: [...excluded] };
    const recorded = {
      basisId: 'b',
      code: 'duty-of-care',
      purpose: 'accommodation',
      receivers,
    };
    const valid = { validFrom: now, validUntil: after(now, ms) };
    this.#change(reference, (known) => ({
      ...known,
      registered: true,
      decidedPurposes: ['accommodation'],
      bases: [{ ...recorded, ...valid }],
    }));
  }

  registers(reference: string): void {
    this.#change(reference, (known) => ({ ...known, registered: true }));
  }

  recordsAge(reference: string, underEighteen: UnderEighteen, at: Instant): void {
    this.#change(reference, (known) => withAge(known, { underEighteen, at }));
  }

  keepsApart(reference: string, apartId: string): void {
    this.#change(reference, (known) => ({
      ...known,
      apartIds: [...new Set([...known.apartIds, apartId])],
    }));
  }

  quarantines(reference: string): void {
    this.#quarantined.add(reference);
  }

  releases(reference: string): void {
    this.#quarantined.delete(reference);
  }

  #change(reference: string, change: (known: CaseBasis) => CaseBasis): void {
    const known = this.#cases.get(reference);
    if (known) this.#cases.set(reference, change(known));
  }
}

/**
 * The rule of coverage, written a second time without the tested code: for every member of the party a permission or basis covers this
 * service, or the request basis of an emergency still counts.
 */
export const isCoveredForEveryone = (
  referral: Referral,
  service: Service,
  { bases, now }: Knowledge,
): boolean =>
  referral.party.every(({ caseReference }) => {
    const {
      permissions = [],
      bases: others = [],
      denials = [],
      decidedPurposes = [],
    } = bases.get(caseReference) ?? {};
    const refused = denials.some(({ organisationIds }) =>
      organisationIds.includes(service.organisationId),
    );
    if (referral.requestBasis !== undefined && decidedPurposes.length === 0 && !refused)
      return true;
    const lasting = [...permissions, ...(refused ? [] : others)].filter(
      (one) => one.validUntil > now,
    );
    return lasting.some(
      ({ receivers }) => !receivers?.excludedOrganisationIds.includes(service.organisationId),
    );
  });
