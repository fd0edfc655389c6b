import { specifyPlans } from '@opennrm/testkit';

specifyPlans({
  workspace: 'services/referral',
  service: 'referral',
  small: { service: 5_000, capacity_hint: 5_000, organisation: 5_000, country_pack: 20 },
  columns: {
    'referral.stage':
      "CASE n % 97 WHEN 0 THEN 'unplaced' WHEN 1 THEN 'searching' WHEN 2 THEN 'journey' WHEN 3 THEN 'withdrawn' ELSE 'started' END",
    'referral.asked_count': 'CASE n % 97 WHEN 0 THEN 0 WHEN 1 THEN 1 ELSE NULL END',
    'referral.urgency': '(n / 97) % 3',
    'referral.party_size': '1 + n % 3',
    'referral.need':
      "CASE n % 3 WHEN 0 THEN 'safe-accommodation' WHEN 1 THEN 'medical-care' ELSE 'psychosocial-support' END",
    'referral.group_code': "'women'",
    'referral.counts_towards_quota': 'n % 2001 = 0',
    'offer.status':
      "CASE n % 49 WHEN 0 THEN 'open' WHEN 1 THEN 'holding' WHEN 2 THEN 'confirmed' ELSE 'closed' END",
    'offer.open': 'n % 49 = 0',
    'offer.made_at': '1767603600000 - n::bigint * 500000',
    // Spread over three years.
    'offer.closed_at': 'CASE WHEN n % 49 > 2 THEN 1767603600000 - n::bigint * 500000 END',
    'service.need':
      "CASE n % 3 WHEN 0 THEN 'safe-accommodation' WHEN 1 THEN 'medical-care' ELSE 'psychosocial-support' END",
    'service.accredited_until': 'CASE WHEN n % 5 > 0 THEN 2000000000000 + n END',
    'service.announced': 'n % 1000 > 0',
    'service.state': `'{"region": "harbour", "criteria": {"groups": ["women"], "smallestParty": 1, "largestParty": 4}}'`,
    'journal.aggregate': "'referral'",
    'journal.type': "CASE WHEN n % 3 = 1 THEN 'SearchDecided' ELSE 'OfferMade' END",
  },
  readsMore: {
    'service-loads': {
      rows: 1_000,
      cause:
        'counts the open offers and the recently unanswered offers of each service, each up to a hundred',
    },
  },
  emptyLists: {
    'alerts-resolve-remaining':
      'the statement excludes the listed alerts: an empty list makes it read most rows',
  },
});
