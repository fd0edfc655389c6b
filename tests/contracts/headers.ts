import type { Envelope } from '@opennrm/messaging';
import { instant } from '@opennrm/runtime/decision';

/** The message whose headers each release stores. */
export const envelope: Envelope = {
  id: '5b0c7f0e-3f5f-4a51-8a3a-4f8f1c1f9a10',
  type: 'opennrm.capacity.v1.HoldRequested',
  at: instant(Date.UTC(2026, 2, 2, 12)),
  key: '7a0e43c4-52b8-4f0e-9d0b-1a5f1e0f2b33',
  sequence: 7,
  epoch: 2,
  epochAfter: { epoch: 1, last: 6 },
};
export const TOPIC = 'opennrm.referral.shelter-capacity.v1';
