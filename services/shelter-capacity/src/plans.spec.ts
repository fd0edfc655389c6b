import { specifyPlans } from '@opennrm/testkit';

specifyPlans({
  workspace: 'services/shelter-capacity',
  service: 'shelter-capacity',
  small: { country_pack: 20, provider: 5_000, service_provider: 5_000 },
  columns: {
    'provider.state': `'{"sites": []}'`,
  },
  emptyLists: {
    'providers-lock':
      'a message names a provider, or a service and a hold: no message fills all three lists, and each list is read in the same way',
  },
});
