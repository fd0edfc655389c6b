import { raiseAlert } from './alerts.ts';
import { search } from './search.ts';
import { emit, runSteps, type Step } from './steps.ts';

/** The code of an offer whose service named no worker in time. */
export const NOT_ASSIGNED = 'worker-not-assigned';

/** After the person agreed, the service did not do its part in time: its unit is released, an alert is raised, and the next service is asked. */
export const nextService =
  (code: 'appointment-not-agreed' | typeof NOT_ASSIGNED): Step =>
  (referral, knowledge) => {
    const { stage } = referral;
    if (!('offerId' in stage)) return [];
    const { offerId } = stage;
    return runSteps(
      referral,
      knowledge,
      emit({ type: 'DeliveryNotArranged', offerId, code, at: knowledge.now }),
      raiseAlert(code, offerId),
      search,
    );
  };
