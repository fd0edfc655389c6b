-- Up Migration
-- The new format of procedures and screenings (decision 0022). Values that older rows do not have are set to what they meant.

-- When and on which basis it was sent: of the last procedure of each file, from the journal. The powers of which the person was informed
-- were not recorded.
UPDATE identification_file f
  SET state = jsonb_set(f.state, '{procedure,submission}',
    jsonb_build_object('at', j.data->'at', 'basis', j.data->'basis', 'informedOfPowers', '[]'::jsonb))
  FROM (SELECT DISTINCT ON (aggregate_id) aggregate_id, type, data FROM journal
        WHERE aggregate = 'identification_file' AND type IN ('ProcessBegun', 'ProcessSubmitted') AND data IS NOT NULL
        ORDER BY aggregate_id, position DESC) j
  WHERE j.aggregate_id = f.id AND j.type = 'ProcessSubmitted' AND jsonb_typeof(f.state->'procedure') = 'object';

-- An authority to which it was not sent has no access to it.
UPDATE identification_file SET authority = NULL WHERE state->'procedure'->'submission' IS NULL;

UPDATE identification_file SET state = jsonb_set(state, '{procedure,notifications}', '[]') WHERE jsonb_typeof(state->'procedure') = 'object';
UPDATE identification_file SET state = jsonb_set(state, '{past}', '[]');
UPDATE identification_file SET state = jsonb_set(state, '{screenings}',
  (SELECT coalesce(jsonb_agg(one || '{"stopped": []}' ORDER BY nth), '[]')
   FROM jsonb_array_elements(state->'screenings') WITH ORDINALITY AS of (one, nth)));

-- The kind of pause alone stated whom a pause waits for.
UPDATE identification_file
  SET state = jsonb_set(state, '{procedure,stage,waitsFor}', CASE stage WHEN 'suspended' THEN '"court"' ELSE '"informants"' END::jsonb)
  WHERE stage IN ('suspended', 'information-requested');

-- The role that was notified last was stored beside the deadlines; now it is stored in the overdue deadline.
UPDATE identification_file
  SET state = jsonb_set(state, '{procedure,deadlines}',
    (SELECT jsonb_object_agg(key, CASE WHEN value->>'state' = 'running' AND (value->>'escalationCount')::int > 0
              THEN value || jsonb_build_object('escalatedTo', state->'procedure'->'escalatedTo') ELSE value END)
     FROM jsonb_each(state->'procedure'->'deadlines')))
  WHERE state->'procedure'->>'escalatedTo' IS NOT NULL AND state->'procedure'->'deadlines' <> '{}';

-- A draft, a pause and a proposed disqualification had no deadline: each gets thirty days from now. Then the draft lapses by itself, and
-- the authority is notified of the others.
WITH inactive AS (
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
    FROM inactive r WHERE r.id = f.id
    RETURNING f.id, f.generation, f.state)
INSERT INTO timers (aggregate, aggregate_id, generation, kind, due)
  SELECT 'identification_file', id, generation, 'formal-process',
    (SELECT min(coalesce((value->>'soonAt')::bigint, (value->'end'->>'due')::bigint))
     FROM jsonb_each(state->'procedure'->'deadlines') WHERE value->>'state' = 'running')
  FROM written;
