import { idOf, specifyPlans } from '@opennrm/testkit';

specifyPlans({
  workspace: 'services/identification-intake',
  service: 'identification-intake',
  alsoOf: ['packages/country'],
  small: { country_pack: 20 },
  columns: {
    // One group is large.
    'arrival.group_id': idOf('CASE WHEN n % 100 = 0 THEN 1 ELSE 1 + n % 50000 END'),
    // The permission of a file names the authority of its procedure, and no denial names that authority.
    'identification_file.state': `jsonb_build_object('procedure', jsonb_build_object('age', 'adult', 'authority', ${idOf('1 + (n - 1) % 5000')}))`,
    'denial.organisation_ids': `ARRAY[${idOf('1 + n % 5000')}]`,
    'permission.valid_from': '0',
    'permission.valid_until': 'CASE WHEN n % 3 = 0 THEN 0 ELSE 9007199254740991 END',
  },
  emptyLists: {
    'journal-record':
      'no change here publishes a message and also sets a deadline; `messaging` plans the statement with both',
  },
});
