-- Up Migration
-- One person may have several references here. A permission is announced for each of them, and may be announced again with fewer
-- receivers.
ALTER TABLE permission DROP CONSTRAINT permission_pkey;
DROP INDEX permission_of_case;
ALTER TABLE permission ADD PRIMARY KEY (case_reference, permission_id);

-- Whether a notice was recorded after its term.
ALTER TABLE notice ADD COLUMN late boolean NOT NULL DEFAULT false;
CREATE INDEX notice_in_time ON notice (at, notice_id);

-- Procedures that began before forms existed.
UPDATE identification_file SET state = jsonb_set(state, '{procedure,answers}', '{}') WHERE jsonb_typeof(state->'procedure') = 'object';

-- A withdrawal is now recorded with the permission itself.
INSERT INTO permission (permission_id, case_reference, organisation_ids, valid_from, valid_until, withdrawn)
  SELECT gen_random_uuid(), case_reference, '{}', 0, 0, true FROM known_reference WHERE permission_withdrawn;
ALTER TABLE known_reference DROP COLUMN permission_withdrawn;
