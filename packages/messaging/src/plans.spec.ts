import { specifyPlans } from '@opennrm/testkit';

specifyPlans({
  workspace: 'packages/messaging',
  service: 'messaging',
  small: {},
  columns: {
    // The clock of the specs of timers begins near zero.
    'timers.due': 'n::bigint * 7919 % 200000 * 10',
  },
  tablesOfSpecs: ['counter', 'alarm'],
  notRecorded: { 'timer-set': 'services set timers of their own tables: planned in services/referral' },
  findsNothing: {
    'inbox-lock': 'inserts, and asks whether the stream is quarantined: hardly any is',
  },
  readsMore: {
    'outbox-park': {
      rows: 200_000,
      because: 'rare, after a broker refused a message; an index would cost each message that is sent',
    },
  },
});
