-- Up Migration
-- How many services are asked now for a referral that looks for a place; NULL for one that does not look. One that could ask fewer services than its
-- urgency lets be asked at once may use a freed unit too. Kept in step with `state`.
ALTER TABLE referral ADD COLUMN live_asks smallint;
UPDATE referral SET live_asks = jsonb_array_length(
  jsonb_path_query_array(state->'offers', '$[*] ? (@.status == "holding" || @.status == "open")'))
  WHERE stage IN ('searching', 'offered', 'unplaced');
DROP INDEX referral_unplaced;
CREATE INDEX referral_may_fit ON referral (need, group_code, live_asks, urgency, requested_at, id) WHERE live_asks IS NOT NULL;
ALTER TABLE fit_signal ADD COLUMN after_live_asks smallint NOT NULL DEFAULT -1;
