import type { ServiceManifest } from '@opennrm/contracts/manifest';

export default {
  name: 'shelter-capacity',
  ports: { grpc: 15_052, health: 9_102 },
  keys: { setting: 'ADDRESS_KEY_FILE', volume: 'shelter-keys', file: 'addresses.key' },
  // Two spellings of an id are one unit.
  holds: `SELECT lower(h->>'holdId') AS hold_id, CASE h->>'status' WHEN 'stay' THEN 'started' ELSE h->>'status' END AS status,
            ARRAY(SELECT lower(jsonb_array_elements_text(h->'unitIds'))) AS units
          FROM provider, jsonb_array_elements(state->'holds') h`,
  lockOrder: ['provider'],
} satisfies ServiceManifest;
