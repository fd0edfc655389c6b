import type { ServiceManifest } from '@opennrm/contracts/manifest';

export default {
  name: 'referral',
  ports: { grpc: 15_051, health: 9_101 },
  caseReferences: 'SELECT DISTINCT case_reference AS id FROM referral_case',
  // Of the services of the directory. The units of each are numbered from 1.
  holds: `SELECT h->>'holdId' AS hold_id, h->>'status' AS status,
            ARRAY(SELECT id || '/' || jsonb_array_elements_text(h->'unitIds')) AS units
          FROM places, jsonb_array_elements(state->'holds') h`,
  projections: {
    'opennrm.case-vault.referral.v1': [
      {
        table: 'case_basis',
        empty: 'UPDATE case_basis SET rebuilt = NULL WHERE rebuilt IS NOT NULL',
      },
    ],
  },
  lockOrder: ['case_basis', 'quota_lock', 'referral', 'advisory', 'places'],
} satisfies ServiceManifest;
