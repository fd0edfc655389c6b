-- Up Migration
-- The state of a person's formal process, beside the screenings: who decides it, whom it waits for, and its next deadline.
ALTER TABLE identification_file
  ADD COLUMN referred_by uuid,
  ADD COLUMN authority uuid,
  ADD COLUMN process_id uuid,
  ADD COLUMN stage text,
  ADD COLUMN waits_for text,
  ADD COLUMN due bigint,
  ADD COLUMN escalated_to text;
CREATE INDEX identification_of_authority ON identification_file (authority, due, process_id) WHERE process_id IS NOT NULL;
CREATE INDEX identification_of_referrer ON identification_file (referred_by, due, process_id) WHERE process_id IS NOT NULL;
CREATE INDEX identification_escalated ON identification_file (escalated_to, due, process_id) WHERE escalated_to IS NOT NULL;

-- Finds a file by the ids that others know: the id of the procedure, and the id of the marker that the person carries.
CREATE TABLE procedure_reference (
  process_id uuid PRIMARY KEY,
  marker_id uuid NOT NULL UNIQUE,
  case_reference uuid NOT NULL REFERENCES identification_file (id)
);

-- Permissions for the identification decision, as the vault announced them.
CREATE TABLE permission (
  permission_id uuid PRIMARY KEY,
  case_reference uuid NOT NULL,
  organisation_ids uuid[] NOT NULL,
  valid_from bigint NOT NULL,
  valid_until bigint NOT NULL,
  withdrawn boolean NOT NULL DEFAULT false
);
CREATE INDEX permission_of_case ON permission (case_reference);

-- A notice about a person who did not wish to be referred: only what the law allows, and without a reference to the person.
CREATE TABLE notice (
  notice_id uuid PRIMARY KEY,
  owner_org uuid NOT NULL,
  at bigint NOT NULL,
  rule_version text NOT NULL,
  content jsonb NOT NULL
);

GRANT SELECT, INSERT ON procedure_reference, notice TO identification_intake_service;
GRANT SELECT, INSERT, UPDATE ON permission TO identification_intake_service;
