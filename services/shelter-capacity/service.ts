import type { ServiceManifest } from '@opennrm/contracts/manifest';

export default {
  name: 'shelter-capacity',
  ports: { grpc: 15_052, health: 9_102 },
  keys: { setting: 'ADDRESS_KEY_FILE', volume: 'shelter-keys', file: 'addresses.key' },
} satisfies ServiceManifest;
