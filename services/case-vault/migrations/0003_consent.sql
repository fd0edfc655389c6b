-- Up Migration
-- Converts older files to the current form: with details of consent, denials, deadlines and further lists.
UPDATE case_file SET state =
  '{"denials":[],"withdrawals":[],"safetyNotes":[],"contact":[],"openings":[],"deadlines":[],"alerts":[],
    "person":{"age":"not-stated","guardians":[],"capacities":[]}}'::jsonb
  || state
  || jsonb_build_object(
    'permissions', (
      SELECT coalesce(jsonb_agg(p || jsonb_build_object('given', jsonb_build_object(
        'form', p->'form', 'language', p->'language', 'interpreter', p->'interpreter', 'explained', '[]'::jsonb,
        'at', p->'validFrom', 'recordedBy', '00000000-0000-0000-0000-000000000000'))), '[]'::jsonb)
      FROM jsonb_array_elements(state->'permissions') p),
    'bases', (
      SELECT coalesce(jsonb_agg(b || jsonb_build_object('controller', state->'ownerOrg', 'isSubstitute', false,
        'recordedBy', '00000000-0000-0000-0000-000000000000')), '[]'::jsonb)
      FROM jsonb_array_elements(state->'bases') b),
    'sections', (
      SELECT coalesce(jsonb_object_agg(key, value || '{"disagreements":[]}'::jsonb), '{}'::jsonb)
      FROM jsonb_each(state->'sections')));

-- Why a version replaces the one before.
ALTER TABLE sealed_section ADD COLUMN corrects text;

-- The permission of a disclosure, and the service class of its receiver.
ALTER TABLE disclosure ADD COLUMN permission_id uuid, ADD COLUMN service_class text;

-- Alerts; a projection of the files.
CREATE TABLE alert (
  case_id uuid NOT NULL REFERENCES case_file (id),
  code text NOT NULL,
  about text NOT NULL,
  owner_org uuid NOT NULL,
  role text NOT NULL,
  raised_at bigint NOT NULL,
  PRIMARY KEY (case_id, code, about)
);
CREATE INDEX alert_of_role ON alert (role, raised_at, case_id, code, about);

-- The case of each break-glass opening.
CREATE TABLE opening (
  opening_id uuid PRIMARY KEY,
  case_id uuid NOT NULL REFERENCES case_file (id)
);

-- The eighteenth birthday of a child, which is in no journal, and how many warnings were given. It has its own timer.
CREATE TABLE coming_of_age (
  id uuid PRIMARY KEY REFERENCES case_file (id),
  generation int NOT NULL,
  eighteen_at bigint NOT NULL,
  warned int NOT NULL
);

-- Organisations and their kinds, as `referral` announces them.
CREATE TABLE organisation (
  id uuid PRIMARY KEY,
  kind text NOT NULL
);

-- The person's answers to services, as `referral` reports them.
CREATE TABLE agreement (
  hold_id uuid NOT NULL,
  reference uuid NOT NULL,
  service_id uuid NOT NULL,
  organisation_id uuid NOT NULL,
  service_class text NOT NULL,
  agreed boolean NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (hold_id, reference)
);
CREATE INDEX agreement_of_reference ON agreement (reference);

-- Attached files, sealed piece by piece under the key of their section; `complete` when all pieces are stored and the hash is right.
CREATE TABLE attachment (
  attachment_id uuid PRIMARY KEY,
  case_id uuid NOT NULL REFERENCES case_file (id),
  section text NOT NULL,
  pieces int NOT NULL,
  sha256 text NOT NULL,
  complete boolean NOT NULL DEFAULT false,
  written_by uuid NOT NULL,
  at bigint NOT NULL
);
CREATE TABLE sealed_piece (
  attachment_id uuid NOT NULL REFERENCES attachment (attachment_id) ON DELETE CASCADE,
  piece int NOT NULL,
  sealed bytea NOT NULL,
  PRIMARY KEY (attachment_id, piece)
);
CREATE INDEX attachment_unfinished ON attachment (at) WHERE NOT complete;

GRANT SELECT, INSERT, UPDATE, DELETE ON alert, coming_of_age TO case_vault_service;
GRANT SELECT, INSERT, UPDATE ON agreement, organisation TO case_vault_service;
GRANT SELECT, INSERT ON opening TO case_vault_service;
GRANT SELECT, INSERT, UPDATE, DELETE ON attachment, sealed_piece TO case_vault_service;
