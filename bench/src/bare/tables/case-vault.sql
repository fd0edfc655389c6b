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
  permission_id uuid,
  service_class text,
  CHECK (num_nonnulls(case_id, reference, hold_id) >= 1)
);
CREATE INDEX disclosure_of_case ON disclosure (case_id) WHERE case_id IS NOT NULL;
CREATE INDEX disclosure_of_reference ON disclosure (service, reference) WHERE reference IS NOT NULL;
CREATE INDEX disclosure_of_hold ON disclosure (hold_id) WHERE hold_id IS NOT NULL;
