import type { ServiceManifest } from '@opennrm/contracts/manifest';

export default {
  name: 'referral',
  ports: { grpc: 15_051, health: 9_101 },
  caseReferences: 'SELECT DISTINCT case_reference AS id FROM referral_case',
  projections: {
    'opennrm.case-vault.referral.v1': [
      {
        table: 'case_basis',
        empty: 'UPDATE case_basis SET rebuilt = NULL WHERE rebuilt IS NOT NULL',
      },
    ],
  },
} satisfies ServiceManifest;
