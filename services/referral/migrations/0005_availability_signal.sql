-- Up Migration
-- Columns that a freed unit is compared with before any rule is checked, updated with `state`.
ALTER TABLE referral
  ADD COLUMN need text,
  ADD COLUMN group_code text,
  ADD COLUMN party_size smallint,
  ADD COLUMN excluded_regions text[];
UPDATE referral SET
  need = state->'need'->>'need',
  group_code = state->'need'->>'group',
  party_size = jsonb_array_length(state->'party'),
  excluded_regions = ARRAY(SELECT jsonb_array_elements_text(state->'need'->'excludedRegions'));
ALTER TABLE referral
  ALTER COLUMN need SET NOT NULL,
  ALTER COLUMN group_code SET NOT NULL,
  ALTER COLUMN party_size SET NOT NULL,
  ALTER COLUMN excluded_regions SET NOT NULL;
DROP INDEX referral_waiting;
CREATE INDEX referral_unplaced ON referral (need, group_code, urgency, requested_at, id) WHERE stage = 'unplaced';

-- A service may have become suitable (units became free, it was accredited). A timer of this table wakes the referrals that it
-- could suit, one in each transaction. `after_…` is the last referral that was checked, `units` how many more may be woken.
CREATE TABLE availability_signal (
  id uuid PRIMARY KEY,
  service_id uuid NOT NULL REFERENCES service (id),
  generation int NOT NULL,
  units int NOT NULL,
  after_urgency smallint NOT NULL DEFAULT -1,
  after_requested_at bigint NOT NULL DEFAULT 0,
  after_id uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000'
);

GRANT SELECT, INSERT, UPDATE, DELETE ON availability_signal TO referral_service;
