import { after } from '@opennrm/runtime/decision';
import type { AlertCode } from './alert.ts';
import { raiseAlert } from './alerts.ts';
import { emit, runSteps, type Step } from './steps.ts';

/** The deadline of the stage passed: an alert is raised, and the referral waits longer. */
export const extendWait =
  (code: AlertCode, ms: number): Step =>
  (referral, knowledge) => {
    const offerId = 'offerId' in referral.stage ? referral.stage.offerId : undefined;
    return runSteps(
      referral,
      knowledge,
      emit({ type: 'WaitExtended', until: after(knowledge.now, ms) }),
      raiseAlert(code, offerId),
    );
  };
