-- Up Migration
-- Gives older permissions a deadline at their end, and their files a timer for the earliest deadline.
WITH missing AS (
  SELECT f.id, jsonb_agg(jsonb_build_object('code', 'permission-ends', 'about', p->>'permissionId', 'due', p->'validUntil')) AS deadlines
  FROM case_file f CROSS JOIN jsonb_array_elements(f.state->'permissions') p
  WHERE p->'withdrawnAt' IS NULL AND p->'cause' IS NULL
    AND NOT EXISTS (
      SELECT 1 FROM jsonb_array_elements(f.state->'deadlines') k
      WHERE k->>'code' = 'permission-ends' AND k->>'about' = p->>'permissionId')
    -- A renewed permission needs none, because its renewal has a deadline.
    AND NOT EXISTS (SELECT 1 FROM jsonb_array_elements(f.state->'permissions') r WHERE r->>'renews' = p->>'permissionId')
  GROUP BY f.id),
with_deadlines AS (
  UPDATE case_file f
  SET state = jsonb_set(f.state, '{deadlines}', (f.state->'deadlines') || m.deadlines), generation = f.generation + 1
  FROM missing m WHERE m.id = f.id
  RETURNING f.id, f.generation, f.state->'deadlines' AS deadlines)
INSERT INTO timers (aggregate, aggregate_id, generation, kind, due)
SELECT DISTINCT ON (p.id) 'case_file', p.id, p.generation, k->>'code', (k->>'due')::bigint
FROM with_deadlines p CROSS JOIN jsonb_array_elements(p.deadlines) WITH ORDINALITY e (k, nth)
ORDER BY p.id, (k->>'due')::bigint, nth;
