-- Up Migration
-- The kind of an attached file; unknown for older files.
ALTER TABLE attachment ADD COLUMN kind text NOT NULL DEFAULT 'other';
ALTER TABLE attachment ALTER COLUMN kind DROP DEFAULT;
CREATE INDEX attachment_of_case ON attachment (case_id, section, at DESC, attachment_id DESC);

-- The class of each service, from the directory of `referral`, so that lists that a person can be forced to show name no place.
CREATE TABLE service (
  service_id uuid PRIMARY KEY,
  organisation_id uuid NOT NULL,
  service_class text NOT NULL
);
CREATE INDEX service_of_organisation ON service (organisation_id);
CREATE INDEX relation_of_organisation ON relation (organisation_id);
GRANT SELECT, INSERT, UPDATE ON service TO case_vault_service;
