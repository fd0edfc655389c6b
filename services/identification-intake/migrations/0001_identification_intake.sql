-- Up Migration
-- An identification file: the screenings of one person. Its id is this service's own reference of the case.
CREATE TABLE identification_file (
  id uuid PRIMARY KEY,
  owner_org uuid NOT NULL,
  version int NOT NULL,
  generation int NOT NULL,
  state jsonb NOT NULL
);
CREATE TABLE screening (
  screening_id uuid PRIMARY KEY,
  case_reference uuid NOT NULL REFERENCES identification_file (id),
  owner_org uuid NOT NULL
);

-- The references that the vault has announced, and whether the permission for the identification decision was withdrawn.
CREATE TABLE known_reference (
  case_reference uuid PRIMARY KEY,
  permission_withdrawn boolean NOT NULL DEFAULT false
);

GRANT SELECT, INSERT, UPDATE ON identification_file, known_reference TO identification_intake_service;
GRANT SELECT, INSERT ON screening TO identification_intake_service;
