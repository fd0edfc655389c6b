-- Up Migration
-- An open offer without the time at which it was made would compare as unknown, and never be listed.
ALTER TABLE offer ADD CONSTRAINT offer_open_was_made CHECK (NOT open OR made_at IS NOT NULL);

-- Open offers, the oldest first.
DROP INDEX offer_open;
CREATE INDEX offer_open ON offer (organisation_id, made_at, offer_id) WHERE open;

-- Referrals, read from the end: the newest request first. One index for each shape of the list.
DROP INDEX referral_by_owner;
DROP INDEX referral_by_stage;
DROP INDEX referral_by_owner_and_stage;
CREATE INDEX referral_of_all ON referral (requested_at, id);
CREATE INDEX referral_by_stage ON referral (stage, requested_at, id);
CREATE INDEX referral_by_owner ON referral (owner_org, requested_at, id);
CREATE INDEX referral_by_owner_and_stage ON referral (owner_org, stage, requested_at, id);

-- Alerts including resolved ones, read from the end: the one that was raised last first.
DROP INDEX alert_of_all;
DROP INDEX alert_of_owner;
CREATE INDEX alert_of_all ON alert (raised_at, alert_id);
CREATE INDEX alert_of_owner ON alert (owner_org, raised_at, alert_id);
