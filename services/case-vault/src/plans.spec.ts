import { idOf, specifyPlans } from '@opennrm/testkit';

/** One row in a hundred belongs to the same case, the others to 50,000 cases. */
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
    // One case has a hundred attachments, the most that are allowed.
    'attachment.case_id': idOf('CASE WHEN n % 2000 = 0 THEN 1 ELSE 1 + n % 50000 END'),
    'attachment.complete': 'n % 19 > 0',
    'sealed_piece.piece': '(n - 1) / 50000',
    'relation.ended_at': 'CASE WHEN n % 3 = 0 THEN 1767603600000 END',
  },
  readsMore: {
    'attachment-begin': {
      rows: 100,
      cause: 'counts the attachments of a case, which are at most a hundred',
    },
    'disclosures-of-case-on-permission': {
      rows: 2_500,
      cause:
        'runs once at a withdrawal: skips disclosures of the same case on another basis, by the index of the case',
    },
  },
});
