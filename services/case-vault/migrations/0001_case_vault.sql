-- Up Migration
-- A case file: its owner, references, permissions, bases and keep-apart pairs. It holds no content about the person.
CREATE TABLE case_file (
  id uuid PRIMARY KEY,
  owner_org uuid NOT NULL,
  version int NOT NULL,
  generation int NOT NULL,
  state jsonb NOT NULL
);
CREATE INDEX case_file_by_owner ON case_file (owner_org, id);

-- The map between references. No other table relates the references of two services to one person.
CREATE TABLE case_reference (
  service text NOT NULL,
  reference uuid NOT NULL,
  case_id uuid NOT NULL REFERENCES case_file (id),
  PRIMARY KEY (service, reference)
);
CREATE INDEX case_reference_of_case ON case_reference (case_id);

-- One data key for each case and section, wrapped by the key of the organisation that opened the case. Destroying it destroys the section.
CREATE TABLE data_key (
  case_id uuid NOT NULL REFERENCES case_file (id),
  section text NOT NULL,
  organisation uuid NOT NULL,
  wrapped bytea NOT NULL,
  PRIMARY KEY (case_id, section)
);
CREATE TABLE sealed_section (
  case_id uuid NOT NULL REFERENCES case_file (id),
  section text NOT NULL,
  version int NOT NULL,
  written_by uuid NOT NULL,
  at bigint NOT NULL,
  sealed bytea NOT NULL,
  PRIMARY KEY (case_id, section, version)
);
CREATE TABLE sealed_note (
  note_id uuid PRIMARY KEY,
  case_id uuid NOT NULL REFERENCES case_file (id),
  written_by uuid NOT NULL,
  at bigint NOT NULL,
  sealed bytea NOT NULL
);

-- Relations of organisations to people, as `referral` announces them: by its own references, which may be registered later.
CREATE TABLE relation (
  hold_id uuid NOT NULL,
  reference uuid NOT NULL,
  organisation_id uuid NOT NULL,
  service_id uuid NOT NULL,
  service_class text NOT NULL,
  region text NOT NULL,
  purpose text NOT NULL,
  stream_key text NOT NULL,
  began_at bigint NOT NULL,
  ended_at bigint,
  PRIMARY KEY (hold_id, reference)
);
CREATE INDEX relation_of_reference ON relation (reference);

-- Disclosures: readings of this service, and what other services report. Insert-only.
CREATE TABLE disclosure (
  id uuid PRIMARY KEY,
  at bigint NOT NULL,
  by_service text NOT NULL,
  case_id uuid,
  service text,
  reference uuid,
  hold_id uuid,
  organisation_id uuid NOT NULL,
  person_id uuid,
  content text NOT NULL,
  purpose text NOT NULL,
  basis text NOT NULL,
  CHECK (num_nonnulls(case_id, reference, hold_id) >= 1)
);
CREATE INDEX disclosure_of_case ON disclosure (case_id) WHERE case_id IS NOT NULL;
CREATE INDEX disclosure_of_reference ON disclosure (service, reference) WHERE reference IS NOT NULL;
CREATE INDEX disclosure_of_hold ON disclosure (hold_id) WHERE hold_id IS NOT NULL;

GRANT SELECT, INSERT, UPDATE ON case_file, relation TO case_vault_service;
GRANT SELECT, INSERT ON case_reference, sealed_section, sealed_note, disclosure TO case_vault_service;
GRANT SELECT, INSERT, DELETE ON data_key TO case_vault_service;
