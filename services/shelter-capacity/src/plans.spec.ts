import { specifyPlans } from '@opennrm/testkit';

specifyPlans({
  workspace: 'services/shelter-capacity',
  service: 'shelter-capacity',
  small: { country_pack: 20, provider: 5_000, service_provider: 5_000 },
  columns: {
    'provider.state': `'{"sites": []}'`,
  },
});
