-- Up Migration
-- Live emergencies with a reference that the vault does not know, by requester and organisation.
ALTER TABLE referral ADD COLUMN requested_by uuid;
ALTER TABLE referral ADD COLUMN counts_towards_quota boolean NOT NULL DEFAULT false;
CREATE INDEX referral_quota_of_person ON referral (requested_by) WHERE counts_towards_quota;
CREATE INDEX referral_quota_of_organisation ON referral (owner_org) WHERE counts_towards_quota;

-- One row for each person and organisation that ever requested an emergency. A count locks it, so that concurrent requests see each other.
CREATE TABLE quota_lock (
  id uuid PRIMARY KEY
);
GRANT SELECT, INSERT, UPDATE ON quota_lock TO referral_service;
