import type { ServiceManifest } from '@opennrm/contracts/manifest';

export default {
  name: 'case-vault',
  ports: { grpc: 15_053, health: 9_103 },
  keys: { setting: 'KEY_DIRECTORY', volume: 'vault-keys' },
  mapsReferences: true,
  projections: {
    'opennrm.referral.case-vault.v1': [{ table: 'relation', empty: 'DELETE FROM relation' }],
  },
  lockOrder: ['case_file'],
} satisfies ServiceManifest;
