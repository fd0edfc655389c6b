-- Up Migration
-- What opens an attached file; of those that came before nobody said it.
ALTER TABLE attachment ADD COLUMN kind text NOT NULL DEFAULT 'other';
ALTER TABLE attachment ALTER COLUMN kind DROP DEFAULT;
CREATE INDEX attachment_of_case ON attachment (case_id, section, at DESC, attachment_id DESC);

-- Which class a service is of, as the directory of `referral` says: no list that a person may be made to show names a place.
CREATE TABLE service (
  service_id uuid PRIMARY KEY,
  organisation_id uuid NOT NULL,
  service_class text NOT NULL
);
CREATE INDEX service_of_organisation ON service (organisation_id);
CREATE INDEX relation_of_organisation ON relation (organisation_id);
GRANT SELECT, INSERT, UPDATE ON service TO case_vault_service;
