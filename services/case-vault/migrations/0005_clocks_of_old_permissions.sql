-- Up Migration
-- Permissions that began before they had a clock: each is given the one that says that it is over, and the file its next clock.
WITH missing AS (
  SELECT f.id, jsonb_agg(jsonb_build_object('code', 'permission-ends', 'about', p->>'permissionId', 'due', p->'validUntil')) AS pledges
  FROM case_file f CROSS JOIN jsonb_array_elements(f.state->'permissions') p
  WHERE p->'withdrawnAt' IS NULL AND p->'because' IS NULL
    AND NOT EXISTS (
      SELECT 1 FROM jsonb_array_elements(f.state->'pledges') k
      WHERE k->>'code' = 'permission-ends' AND k->>'about' = p->>'permissionId')
    -- One that was renewed ends as what renews it.
    AND NOT EXISTS (SELECT 1 FROM jsonb_array_elements(f.state->'permissions') r WHERE r->>'renews' = p->>'permissionId')
  GROUP BY f.id),
pledged AS (
  UPDATE case_file f
  SET state = jsonb_set(f.state, '{pledges}', (f.state->'pledges') || m.pledges), generation = f.generation + 1
  FROM missing m WHERE m.id = f.id
  RETURNING f.id, f.generation, f.state->'pledges' AS pledges)
INSERT INTO timers (aggregate, aggregate_id, generation, kind, due)
SELECT DISTINCT ON (p.id) 'case_file', p.id, p.generation, k->>'code', (k->>'due')::bigint
FROM pledged p CROSS JOIN jsonb_array_elements(p.pledges) WITH ORDINALITY e (k, nth)
ORDER BY p.id, (k->>'due')::bigint, nth;
