-- Up Migration
-- People who arrived among many others: three answers and a token, no name. A row is deleted after its retention, unless the person was
-- referred.
CREATE TABLE arrival (
  token_id uuid PRIMARY KEY,
  owner_org uuid NOT NULL,
  help_needed smallint NOT NULL,
  age text NOT NULL,
  accompanied_by text NOT NULL,
  group_id uuid,
  at bigint NOT NULL,
  keep_until bigint NOT NULL,
  case_reference uuid
);
CREATE INDEX arrival_waiting ON arrival (owner_org, (CASE WHEN age <> 'adult' AND accompanied_by <> 'family' THEN 0 ELSE 1 END), help_needed, at, token_id)
  WHERE case_reference IS NULL;
CREATE INDEX arrival_of_group ON arrival (group_id) WHERE group_id IS NOT NULL;
CREATE INDEX arrival_over ON arrival (keep_until);

GRANT SELECT, INSERT, UPDATE, DELETE ON arrival TO identification_intake_service;
