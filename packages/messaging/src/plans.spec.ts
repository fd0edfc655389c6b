import { specifyPlans } from '@opennrm/testkit';

specifyPlans({
  workspace: 'packages/messaging',
  service: 'messaging',
  small: {},
  columns: {},
  tablesOfSpecs: ['counter', 'alarm'],
  notRecorded: { 'timer-set': 'services set timers of their own tables: planned in services/referral' },
  readsMore: {
    'outbox-park': 'rare, after a broker refused a message; an index would cost each message that is sent',
  },
});
