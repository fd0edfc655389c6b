import {
  AccompaniedBy,
  ArrivalAge,
  type ArrivalServiceService,
  HelpNeeded,
} from '@opennrm/contracts/opennrm/identification_intake/v1/arrivals.ts';
import { Outcome } from '@opennrm/contracts/opennrm/identification_intake/v1/deciding.ts';
import {
  IdentificationAge,
  type IdentificationServiceService,
} from '@opennrm/contracts/opennrm/identification_intake/v1/identification.ts';
import { Pause } from '@opennrm/contracts/opennrm/identification_intake/v1/identification_term.ts';
import type { IntakeFormServiceService } from '@opennrm/contracts/opennrm/identification_intake/v1/intake_form.ts';
import type { NoticeServiceService } from '@opennrm/contracts/opennrm/identification_intake/v1/notice.ts';
import {
  AgeAnswer,
  type IdentificationIntakeServiceService,
  Presence,
} from '@opennrm/contracts/opennrm/identification_intake/v1/service.ts';
import type { CountryPack } from '@opennrm/country';
import { type Instant, instant } from '@opennrm/runtime/decision';
import type { RowsOf } from '@opennrm/testkit';

/** The ids of one organisation that screens and refers. */
export interface Ids extends Readonly<Record<string, string>> {
  readonly caseReference: string;
  readonly screeningId: string;
  readonly processId: string;
  readonly decisionId: string;
  readonly tokenId: string;
  readonly noticeId: string;
}

export const noon: Instant = instant(Date.UTC(2026, 0, 5, 12));
/** The reference of a case that the vault has announced, and that has no file yet. */
export const ANNOUNCED = 'c0000000-0000-4000-8000-00000000000c';
const PURPOSE = 'identification-decision';
const hidden = 'hidden' as const;
const page = { pageSize: 0, pageToken: '' };
const safety = { speaksFreely: true, inDanger: false };
const session = {
  language: 'en',
  interpreter: false,
  interpreterId: '',
  notRecorded: false,
  by: '',
  at: undefined,
};
const answers = [{ indicator: 'ex-low-or-no-salary', presence: Presence.PRESENT }];

const beginning = ({ screeningId, caseReference }: Ids) => ({
  screeningId,
  caseReference,
  list: 'ilo-2009',
  age: AgeAnswer.ADULT,
  basis: 'permission',
  safety,
  session,
});
const ofScreening = { request: ({ screeningId }: Ids) => ({ screeningId }), expects: hidden };

// Any organisation that was given a case's reference may screen the person, also after another organisation has.
export const onScreenings: RowsOf<typeof IdentificationIntakeServiceService, Ids> = {
  recordScreening: {
    request: (ids) => ({ ...beginning(ids), answers }),
    expects: 'already-exists',
  },
  beginScreening: { request: beginning, expects: 'already-exists' },
  giveAnswers: {
    request: ({ screeningId }) => ({ screeningId, answers, session, safety }),
    expects: hidden,
  },
  pauseScreening: ofScreening,
  finishScreening: ofScreening,
  concludeScreening: {
    request: ({ screeningId }) => ({
      screeningId,
      conclusion: 'insufficient',
      reason: 'too-little-asked',
      noteId: '',
    }),
    expects: hidden,
  },
  getScreening: {
    request: ({ screeningId }) => ({ screeningId, purpose: PURPOSE }),
    expects: hidden,
  },
};

export const authorityOf = (pack: CountryPack): string =>
  pack.identification.authorities[0]?.organisationId ?? '';

export function onProcedures(
  pack: CountryPack,
): RowsOf<Omit<typeof IdentificationServiceService, 'isRemovalBarred'>, Ids> {
  const authorityId = authorityOf(pack);
  const ofReferrer = <More extends object>(more: More) => ({
    request: ({ processId }: Ids) => ({ processId, ...more }),
    expects: hidden,
  });
  const ofAuthority = <More extends object>(more: More) => ({
    ...ofReferrer(more),
    by: () => ({ organisation: authorityId, role: 'competent-authority' }),
  });
  return {
    beginIdentification: {
      request: ({ processId }) => ({
        processId,
        caseReference: ANNOUNCED,
        authorityId,
        age: IdentificationAge.CHILD,
      }),
      expects: 'already-exists',
    },
    submitIdentification: ofReferrer({ personInformedOfPowers: true }),
    takeUpIdentification: ofAuthority({}),
    pauseIdentification: ofAuthority({ pause: Pause.INFORMATION, ground: 'information-missing' }),
    resumeIdentification: ofAuthority({ pause: Pause.INFORMATION }),
    extendTerm: ofAuthority({ by: '5 days', ground: 'information-missing' }),
    decide: {
      request: ({ processId, decisionId }) => ({
        processId,
        decisionId,
        outcome: Outcome.POSITIVE,
        reasons: ['indicators-present'],
        evidence: [],
        noteId: '',
      }),
      expects: hidden,
      by: () => ({ organisation: authorityId, role: 'competent-authority' }),
    },
    confirmDecision: {
      request: ({ processId, decisionId }) => ({ processId, decisionId, returnedBecause: '' }),
      expects: hidden,
      by: () => ({ organisation: authorityId, role: 'competent-authority' }),
    },
    recordNotification: {
      request: ({ processId, decisionId }) => ({
        processId,
        decisionId,
        form: 'in-writing',
        language: 'en',
        interpreterId: '',
        notifiedAt: new Date(noon),
      }),
      expects: hidden,
    },
    requestReconsideration: ofReferrer({ reasons: ['new-information'] }),
    changeRecovery: ofAuthority({ by: '10 days', ground: 'health' }),
    adoptRules: ofAuthority({ ground: 'law-changed' }),
    getIdentification: ofReferrer({ purpose: PURPOSE }),
    listIdentifications: { request: () => page, expects: 'empty' },
    withdrawIdentification: ofReferrer({}),
  };
}

export const onForms: RowsOf<typeof IntakeFormServiceService, Ids> = {
  getIntakeForm: { request: ({ processId }) => ({ processId, purpose: PURPOSE }), expects: hidden },
  answerIntakeForm: {
    request: ({ processId }) => ({ processId, answers: [{ field: 'field', values: ['yes'] }] }),
    expects: hidden,
  },
};

export const onNotices: RowsOf<typeof NoticeServiceService, Ids> = {
  recordNotice: {
    request: ({ noticeId }) => ({
      noticeId,
      gender: '',
      nationality: '',
      declinedOn: '2026-01-02',
    }),
    expects: 'already-exists',
  },
  listNotices: { request: () => page, expects: 'empty' },
};

export const arrival = {
  helpNeeded: HelpNeeded.TODAY,
  age: ArrivalAge.ADULT,
  accompaniedBy: AccompaniedBy.FAMILY,
  groupId: '',
  notedAt: new Date(noon),
};

export const onArrivals: RowsOf<typeof ArrivalServiceService, Ids> = {
  registerArrivals: {
    request: ({ tokenId }) => ({ tokenId, ...arrival }),
    expects: 'already-exists',
  },
  listArrivals: { request: () => page, expects: 'empty' },
  referArrival: {
    request: ({ tokenId }) => ({ tokenId, caseReference: ANNOUNCED }),
    expects: hidden,
  },
};
