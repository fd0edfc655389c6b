-- Up Migration
-- What a service of the directory has declared about itself, and who holds its units. A row is locked after the referral.
CREATE TABLE places (
  id uuid PRIMARY KEY REFERENCES service (id),
  owner_org uuid NOT NULL,
  version int NOT NULL,
  generation int NOT NULL,
  state jsonb NOT NULL
);
GRANT SELECT, INSERT, UPDATE ON places TO referral_service;

-- A timer of this table asks the referral of a hold to review it: a person to be kept apart has a hold at the same service.
CREATE TABLE hold_review (
  id uuid PRIMARY KEY,
  generation int NOT NULL,
  hold_id uuid NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON hold_review TO referral_service;

-- The holds of services that are over. A repeated report of the visit does not begin them again.
CREATE TABLE ended_hold (
  hold_id uuid PRIMARY KEY
);
GRANT SELECT, INSERT ON ended_hold TO referral_service;

-- A signal is written after a referral is locked, and a suspension locks referrals after the service: the key of the service must not be locked by a
-- signal. Services are never deleted.
ALTER TABLE availability_signal DROP CONSTRAINT availability_signal_service_id_fkey;
