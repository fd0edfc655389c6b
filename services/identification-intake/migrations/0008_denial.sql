-- Up Migration
-- Denials for the identification decision, by organisation, as the vault last announced them. A denial without organisations was
-- superseded by a later permission.
CREATE TABLE denial (
  case_reference uuid NOT NULL,
  denial_id uuid NOT NULL,
  organisation_ids uuid[] NOT NULL,
  PRIMARY KEY (case_reference, denial_id)
);
GRANT SELECT, INSERT, UPDATE ON denial TO identification_intake_service;
