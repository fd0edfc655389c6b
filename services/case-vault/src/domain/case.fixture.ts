import { loadCountryPack } from '@opennrm/country/load';
import { type Decision, type Instant, instant } from '@opennrm/runtime/decision';
import type { CaseFile, CaseId, OrganisationId } from './case-file.ts';
import type { CaseFileEvent } from './events.ts';
import { evolve } from './evolve.ts';
import type { NewBasis } from './permission/basis.ts';
import type { ConsentDenial, ConsentDetails, NewPermission } from './permission/consent-records.ts';

export const noon: Instant = instant(Date.UTC(2026, 2, 2, 12));
const HOUR = 3_600_000;
/** So many hours after noon of the first day; negative is before. */
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

/** Given orally by the person, with all that must be explained. */
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

/** A permission for women's shelters to read `health` while the person is placed, for a day from noon. */
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

/** A no to one organisation, of `health`, said at noon. */
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

/** As the wire gives it: nobody unknown is named. */
export const asking = (now: Instant = noon) => ({ rules, now, unknownReceivers: [] });

/** What a file is after these events. */
export const fileAfter = (...events: readonly CaseFileEvent[]): CaseFile =>
  [caseOpened, ...events].reduce<CaseFile | undefined>(evolve, undefined) as CaseFile;

/** What a file is after a decision that must be taken; a refusal fails the test and is named. */
export function after(file: CaseFile, decision: Decision<CaseFileEvent, string>): CaseFile {
  if (decision.kind === 'refused') throw new Error(`refused: ${decision.refusal}`);
  return decision.kind === 'ignored' ? file : decision.events.reduce<CaseFile>(evolve, file);
}
