CREATE TABLE answered_commands (
  organisation uuid NOT NULL,
  rpc text NOT NULL,
  key text NOT NULL,
  request_hash bytea NOT NULL,
  response bytea,
  refusal text,
  refusal_field text,
  answered_at timestamptz NOT NULL DEFAULT now(),
  problems jsonb,
  PRIMARY KEY (organisation, rpc, key),
  CHECK ((response IS NULL) <> (refusal IS NULL))
);
CREATE INDEX answered_commands_by_age ON answered_commands (answered_at);

CREATE TABLE referral (
  id uuid PRIMARY KEY,
  owner_org uuid NOT NULL,
  version int NOT NULL,
  generation int NOT NULL,
  state jsonb NOT NULL,
  stage text NOT NULL,
  urgency smallint NOT NULL,
  requested_at bigint NOT NULL,
  next_step text,
  next_step_by bigint
);
CREATE INDEX referral_by_owner ON referral (owner_org, id);
CREATE INDEX referral_waiting ON referral (urgency, requested_at) WHERE stage = 'unplaced';
CREATE INDEX referral_by_stage ON referral (stage, id);

CREATE TABLE referral_case (
  case_reference uuid NOT NULL,
  referral_id uuid NOT NULL REFERENCES referral (id),
  PRIMARY KEY (case_reference, referral_id)
);

CREATE TABLE offer (
  offer_id uuid PRIMARY KEY,
  referral_id uuid NOT NULL REFERENCES referral (id),
  organisation_id uuid NOT NULL,
  service_id uuid NOT NULL,
  status text NOT NULL,
  open boolean NOT NULL,
  version int NOT NULL,
  made_at bigint,
  closed_at bigint,
  view jsonb NOT NULL
);
CREATE INDEX offer_open ON offer (organisation_id, offer_id) WHERE open;
CREATE INDEX offer_unanswered ON offer (service_id) WHERE open;
CREATE INDEX offer_unanswered_lately ON offer (service_id, closed_at) WHERE closed_at IS NOT NULL;
CREATE INDEX offer_by_referral ON offer (referral_id);

CREATE TABLE capacity_hint (
  service_id uuid PRIMARY KEY,
  unit_kind text NOT NULL,
  free int NOT NULL,
  as_of bigint NOT NULL,
  rose_at bigint,
  rose_by uuid
);

CREATE TABLE case_basis (
  case_reference uuid PRIMARY KEY,
  state jsonb NOT NULL
);
