import { specifyPlans } from '@opennrm/testkit';

specifyPlans({
  workspace: 'packages/runtime',
  service: 'messaging',
  small: {},
  columns: {},
  notRecorded: { 'wall-clock': 'sent by the database itself; it reads no table' },
});
