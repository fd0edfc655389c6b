-- Up Migration
-- Her noes for the identification decision, by name, as the vault left them last: nobody named is a no that she has answered since.
CREATE TABLE refusal (
  case_reference uuid NOT NULL,
  refusal_id uuid NOT NULL,
  organisation_ids uuid[] NOT NULL,
  PRIMARY KEY (case_reference, refusal_id)
);
GRANT SELECT, INSERT, UPDATE ON refusal TO identification_intake_service;
