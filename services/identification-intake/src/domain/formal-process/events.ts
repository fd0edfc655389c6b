import type { Term } from '@opennrm/country';
import type { Instant } from '@opennrm/runtime/decision';
import type { Changes } from '../intake-form/filling.ts';
import type { AgeStatus, Notification, PausedFor, Proposal, StatusDecision } from './procedure.ts';
import type { DeadlineCode, StatutoryDeadline } from './statutory-deadline.ts';

/** The events of a formal process: references, codes and times, never free text. */
export type ProcessEvent =
  | {
      readonly type: 'ProcessBegun';
      readonly caseReference: string;
      readonly processId: string;
      readonly markerId: string;
      readonly referredBy: string;
      readonly authority: string;
      readonly age: AgeStatus;
      readonly ruleVersion: string;
    }
  | {
      readonly type: 'FormAnswered';
      readonly changes: Changes;
      readonly by: string;
      readonly at: Instant;
    }
  | {
      readonly type: 'ProcessSubmitted';
      readonly step: string;
      readonly basis: string;
      /** Powers of which the person was informed. */
      readonly informedOfPowers: readonly string[];
      readonly at: Instant;
    }
  | { readonly type: 'ProcessTakenUp'; readonly by: string }
  | {
      readonly type: 'InformationRequested' | 'ProcessSuspended';
      readonly ground: string;
      readonly waitsFor: PausedFor;
      readonly by: string;
    }
  | { readonly type: 'InformationReceived'; readonly by: string }
  | { readonly type: 'ProcessResumed'; readonly by: string }
  | { readonly type: 'DecisionProposed'; readonly proposal: Proposal }
  | { readonly type: 'DecisionReturned'; readonly by: string; readonly reason: string }
  | {
      readonly type: 'DecisionMade';
      readonly decision: StatusDecision;
      readonly next: string | undefined;
    }
  | ({ readonly type: 'PersonNotified' } & Notification)
  | {
      readonly type: 'ReconsiderationRequested';
      readonly by: string;
      readonly reasons: readonly string[];
    }
  | { readonly type: 'RecoveryBegun' }
  | { readonly type: 'RecoveryExtended'; readonly ground: string; readonly by: Term }
  | { readonly type: 'RecoveryEnded'; readonly ground: string | undefined }
  | { readonly type: 'ProcessWithdrawn'; readonly by: string }
  | { readonly type: 'ProcessLapsed' }
  | {
      readonly type: 'RulesAdopted';
      readonly ruleVersion: string;
      readonly ground: string;
      readonly by: string;
    }
  | {
      readonly type: 'DeadlineSet';
      readonly deadline: DeadlineCode;
      readonly to: StatutoryDeadline;
    }
  | {
      readonly type: 'DeadlineExtended';
      readonly deadline: DeadlineCode;
      readonly term: Term;
      readonly ground: string;
      readonly by: string;
    }
  | { readonly type: 'DeadlineEnded'; readonly deadline: DeadlineCode }
  | { readonly type: 'DeadlineDueSoon'; readonly deadline: DeadlineCode; readonly due: Instant }
  /** The deadline has passed and was not met. */
  | { readonly type: 'DeadlinePassed'; readonly deadline: DeadlineCode; readonly due: Instant }
  | {
      readonly type: 'DeadlineEscalated';
      readonly deadline: DeadlineCode;
      readonly due: Instant;
      readonly ownerRole: string;
      readonly nth: number;
    }
  | {
      readonly type: 'ProcessRead';
      readonly processId: string;
      readonly organisation: string;
      readonly person: string;
      readonly purpose: string;
      readonly basis: string;
      readonly at: Instant;
    }
  | {
      readonly type: 'RemovalBarChecked';
      readonly organisation: string;
      readonly person: string;
      readonly barred: boolean;
      readonly at: Instant;
    };
