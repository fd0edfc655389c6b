-- Up Migration
-- One row locks a referral with its offers and its journey. `state` decides; the other columns are for searching.
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

-- Which referrals concern a case, by this service's own reference. Used for events of the vault.
CREATE TABLE referral_case (
  case_reference uuid NOT NULL,
  referral_id uuid NOT NULL REFERENCES referral (id),
  PRIMARY KEY (case_reference, referral_id)
);

-- Offers as a provider's organisation may see them, updated in the transaction of the referral.
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

-- Alerts that their owner must act on.
CREATE TABLE alert (
  alert_id uuid PRIMARY KEY,
  referral_id uuid NOT NULL REFERENCES referral (id),
  owner_org uuid NOT NULL,
  offer_id uuid,
  code text NOT NULL,
  owner_role text NOT NULL,
  raised_at bigint NOT NULL,
  act_by bigint NOT NULL,
  level int NOT NULL,
  acknowledged boolean NOT NULL DEFAULT false
);
CREATE INDEX alert_open ON alert (act_by, alert_id) WHERE NOT acknowledged;

-- The directory: services that are accredited, asked and matched.
CREATE TABLE organisation (
  id uuid PRIMARY KEY,
  kind text NOT NULL,
  registered_by uuid NOT NULL
);
CREATE TABLE service (
  id uuid PRIMARY KEY,
  owner_org uuid NOT NULL REFERENCES organisation (id),
  version int NOT NULL,
  generation int NOT NULL,
  state jsonb NOT NULL,
  need text NOT NULL,
  accredited_until bigint
);
CREATE INDEX service_by_need ON service (need, id);

-- The last number of free units that a provider reported: a hint.
CREATE TABLE capacity_hint (
  service_id uuid PRIMARY KEY,
  unit_kind text NOT NULL,
  free int NOT NULL,
  as_of bigint NOT NULL,
  increased_at bigint,
  increased_by_hold uuid
);

-- What the vault announced about a case, by this service's own reference.
CREATE TABLE case_basis (
  case_reference uuid PRIMARY KEY,
  state jsonb NOT NULL
);

GRANT SELECT, INSERT, UPDATE ON referral, offer, alert, service, capacity_hint, case_basis TO referral_service;
GRANT SELECT, INSERT ON referral_case, organisation TO referral_service;
GRANT DELETE ON capacity_hint, case_basis TO referral_service;
