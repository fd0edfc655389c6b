import { specifyPlans } from '@opennrm/testkit';

specifyPlans({
  workspace: 'services/identification-intake',
  service: 'identification-intake',
  small: { country_pack: 50 },
  columns: {},
});
