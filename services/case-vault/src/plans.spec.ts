import { idOf, specifyPlans } from '@opennrm/testkit';

/** One in a hundred is of the same case, the others of as many cases as there are. */
const FEW = idOf('CASE WHEN n % 100 = 0 THEN 1 ELSE 1 + n % 50000 END');

specifyPlans({
  workspace: 'services/case-vault',
  service: 'case-vault',
  small: { country_pack: 20, organisation: 5_000, service: 5_000 },
  columns: {
    'case_reference.service': "'referral'",
    'disclosure.case_id': `CASE WHEN n % 2 = 0 THEN ${FEW} END`,
    'disclosure.service': "CASE WHEN n % 4 = 1 THEN 'referral' END",
    'disclosure.reference': `CASE WHEN n % 4 = 1 THEN ${idOf('1 + n % 50000')} END`,
    'disclosure.hold_id': `CASE WHEN n % 2 = 1 THEN ${idOf('1 + n % 50000')} END`,
    'alert.role': "(ARRAY['coordinator', 'caseworker', 'data-protection-officer'])[1 + n % 3]",
    // One case has a hundred, as many as it may have.
    'attachment.case_id': idOf('CASE WHEN n % 2000 = 0 THEN 1 ELSE 1 + n % 50000 END'),
    'attachment.complete': 'n % 19 > 0',
    'sealed_piece.piece': '(n - 1) / 50000',
    'relation.ended_at': 'CASE WHEN n % 3 = 0 THEN 1767603600000 END',
  },
  readsMore: {
    'attachment-begin': {
      rows: 100,
      cause: 'counts the files of a case, which are no more than a hundred',
    },
    'disclosures-of-case-on-permission': {
      rows: 2_500,
      cause:
        'once at a withdrawal: passes over what was told of the same case on another basis, by the index of the case',
    },
  },
});
