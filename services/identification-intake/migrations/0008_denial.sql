-- Up Migration
-- Denials for the identification decision, by name, as the vault sent them last: nobody named is a denial that was answered since.
CREATE TABLE denial (
  case_reference uuid NOT NULL,
  denial_id uuid NOT NULL,
  organisation_ids uuid[] NOT NULL,
  PRIMARY KEY (case_reference, denial_id)
);
GRANT SELECT, INSERT, UPDATE ON denial TO identification_intake_service;
