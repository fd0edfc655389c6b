import type { ServiceManifest } from '@opennrm/contracts/manifest';

export default {
  name: 'identification-intake',
  ports: { grpc: 15_054, health: 9_104 },
  caseReferences:
    'SELECT id FROM identification_file UNION SELECT case_reference FROM known_reference',
  projections: {
    'opennrm.case-vault.identification-intake.v1': [
      { table: 'known_reference', empty: 'DELETE FROM known_reference' },
    ],
  },
  lockOrder: ['identification_file'],
} satisfies ServiceManifest;
