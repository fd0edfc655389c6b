-- Up Migration
-- Procedures and screenings as they are kept from now on (decision 0022). What rows of before do not say is written as what it meant.

-- When and on what it was sent: of the last procedure of each file, from the journal. Of which powers the person was informed was not kept.
UPDATE identification_file f
  SET state = jsonb_set(f.state, '{procedure,submission}',
    jsonb_build_object('at', j.data->'at', 'basis', j.data->'basis', 'informedOfPowers', '[]'::jsonb))
  FROM (SELECT DISTINCT ON (aggregate_id) aggregate_id, type, data FROM journal
        WHERE aggregate = 'identification_file' AND type IN ('ProcessBegun', 'ProcessSubmitted') AND data IS NOT NULL
        ORDER BY aggregate_id, position DESC) j
  WHERE j.aggregate_id = f.id AND j.type = 'ProcessSubmitted' AND jsonb_typeof(f.state->'procedure') = 'object';

-- A body to which it was not sent has nothing to do with it.
UPDATE identification_file SET authority = NULL WHERE state->'procedure'->'submission' IS NULL;

UPDATE identification_file SET state = jsonb_set(state, '{procedure,notifications}', '[]') WHERE jsonb_typeof(state->'procedure') = 'object';
UPDATE identification_file SET state = jsonb_set(state, '{past}', '[]');
UPDATE identification_file SET state = jsonb_set(state, '{screenings}',
  (SELECT coalesce(jsonb_agg(one || '{"stopped": []}' ORDER BY nth), '[]')
   FROM jsonb_array_elements(state->'screenings') WITH ORDINALITY AS of (one, nth)));

-- Whom a pause waits for was said by its kind alone.
UPDATE identification_file
  SET state = jsonb_set(state, '{procedure,stage,waitsFor}', CASE stage WHEN 'suspended' THEN '"court"' ELSE '"informants"' END::jsonb)
  WHERE stage IN ('suspended', 'information-requested');

-- Who was told last stood beside the clocks; it stands in the clock that is late.
UPDATE identification_file
  SET state = jsonb_set(state, '{procedure,deadlines}',
    (SELECT jsonb_object_agg(key, CASE WHEN value->>'state' = 'running' AND (value->>'escalationCount')::int > 0
              THEN value || jsonb_build_object('escalatedTo', state->'procedure'->'escalatedTo') ELSE value END)
     FROM jsonb_each(state->'procedure'->'deadlines')))
  WHERE state->'procedure'->>'escalatedTo' IS NOT NULL AND state->'procedure'->'deadlines' <> '{}';

-- A draft, a pause and a yes that was about to be taken back had no end: each has thirty days from now on. Then the draft lapses by itself, and of the
-- others the authority is told.
WITH resting AS (
  SELECT id, (extract(epoch FROM now()) * 1000)::bigint + 2592000000 AS until,
    CASE stage WHEN 'draft' THEN 'draft' WHEN 'decided' THEN 'disqualification' ELSE 'pause' END AS code
  FROM identification_file
  WHERE stage IN ('draft', 'information-requested', 'suspended')
     OR (stage = 'decided' AND jsonb_typeof(state->'procedure'->'stage'->'proposal') = 'object')),
written AS (
  UPDATE identification_file f
    SET generation = f.generation + 1, due = r.until,
      state = jsonb_set(f.state, ARRAY['procedure', 'deadlines', r.code], jsonb_build_object(
        'state', 'running', 'escalationCount', 0, 'end', jsonb_build_object('unit', 'hours', 'due', r.until),
        'escalations', CASE r.code WHEN 'draft' THEN '[]'::jsonb
          ELSE jsonb_build_array(jsonb_build_object('at', r.until, 'ownerRole', 'competent-authority')) END))
    FROM resting r WHERE r.id = f.id
    RETURNING f.id, f.generation, f.state)
INSERT INTO timers (aggregate, aggregate_id, generation, kind, due)
  SELECT 'identification_file', id, generation, 'formal-process',
    (SELECT min(coalesce((value->>'soonAt')::bigint, (value->'end'->>'due')::bigint))
     FROM jsonb_each(state->'procedure'->'deadlines') WHERE value->>'state' = 'running')
  FROM written;
