-- Up Migration
-- How many services are asked now for a referral that searches; NULL for one that does not. A referral that asks fewer services than its
-- urgency allows at once may use a freed unit too. Updated with `state`.
ALTER TABLE referral ADD COLUMN asked_count smallint;
UPDATE referral SET asked_count = jsonb_array_length(
  jsonb_path_query_array(state->'offers', '$[*] ? (@.status == "holding" || @.status == "open")'))
  WHERE stage IN ('searching', 'offered', 'unplaced');
DROP INDEX referral_unplaced;
CREATE INDEX referral_searching ON referral (need, group_code, asked_count, urgency, requested_at, id) WHERE asked_count IS NOT NULL;
ALTER TABLE availability_signal ADD COLUMN after_asked_count smallint NOT NULL DEFAULT -1;
