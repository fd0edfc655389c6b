import { loadCountryPack } from '@opennrm/country/load';
import { type Decision, type Instant, instant } from '@opennrm/runtime/decision';
import type { CaseFile, CaseId, OrganisationId } from './case-file.ts';
import type { CaseFileEvent } from './events.ts';
import { evolve } from './evolve.ts';
import type { NewBasis } from './permission/basis.ts';
import type { ConsentDenial, ConsentDetails, NewPermission } from './permission/consent-records.ts';

export const noon: Instant = instant(Date.UTC(2026, 2, 2, 12));
const HOUR = 3_600_000;
/** `n` hours after noon of the first day; before noon where negative. */
export const hour = (n: number): Instant => instant(noon + n * HOUR);

export const caseId = 'case-1' as CaseId;
export const owner = 'owner' as OrganisationId;

export const caseOpened: CaseFileEvent = {
  type: 'CaseOpened',
  caseId,
  ownerOrg: owner,
  need: 'safe-accommodation',
  at: noon,
};

/** The rules of the sample country. */
const pack = await loadCountryPack('infra/countries/sample');
export const rules = pack.consent;

/** Consent that the person gave orally, after everything was explained. */
export const given = (more: Partial<ConsentDetails> = {}): ConsentDetails => ({
  form: 'spoken',
  language: 'en',
  interpreter: false,
  interpreterId: undefined,
  witnessId: undefined,
  explained: rules.explanations.map(({ code }) => code),
  guardianId: undefined,
  childView: undefined,
  at: hour(-24),
  recordedBy: 'caseworker',
  ...more,
});

/** A permission for women's shelters to read `health` for accommodation, for a day from noon. */
export const permission = (more: Partial<NewPermission> = {}): NewPermission => {
  const { receivers, ...rest } = more;
  return {
    permissionId: 'p1',
    purpose: 'accommodation',
    sections: ['health'],
    validFrom: noon,
    validUntil: hour(24),
    given: given(),
    after: undefined,
    renews: undefined,
    receivers: {
      excludedRegions: [],
      excludedOrganisationIds: [],
      organisationIds: [],
      serviceClasses: ['safe-accommodation'],
      ...receivers,
    },
    ...rest,
  };
};

/** A denial of `health` to one organisation, given at noon. */
export const denial = (more: Partial<ConsentDenial> = {}): ConsentDenial => ({
  denialId: 'n1',
  purpose: 'accommodation',
  sections: ['health'],
  organisationIds: ['org-1'],
  serviceClasses: [],
  given: given({ at: noon }),
  ...more,
});

export const basis = (more: Partial<NewBasis> = {}): NewBasis => ({
  basisId: 'b1',
  code: 'public-task',
  purpose: 'accommodation',
  sections: ['health'],
  validFrom: noon,
  validUntil: hour(24),
  controller: owner,
  recordedBy: 'caseworker',
  ...more,
});

/** What the caller adds to a command: the rules, the time, and no unknown receivers. */
export const asking = (now: Instant = noon) => ({ rules, now, unknownReceivers: [] });

/** The state of a file after these events. */
export const fileAfter = (...events: readonly CaseFileEvent[]): CaseFile =>
  [caseOpened, ...events].reduce<CaseFile | undefined>(evolve, undefined) as CaseFile;

/** The state of a file after a decision. A refusal fails the test with its code. */
export function after(file: CaseFile, decision: Decision<CaseFileEvent, string>): CaseFile {
  if (decision.kind === 'refused') throw new Error(`refused: ${decision.refusal}`);
  return decision.kind === 'ignored' ? file : decision.events.reduce<CaseFile>(evolve, file);
}
