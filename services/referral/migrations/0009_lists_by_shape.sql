-- Up Migration
-- One index for each shape of a list, in the order in which it is read.
CREATE INDEX referral_by_owner_and_stage ON referral (owner_org, stage, id);
CREATE INDEX alert_of_all ON alert (act_by, alert_id);
CREATE INDEX alert_open_of_owner ON alert (owner_org, act_by, alert_id) WHERE NOT resolved;
CREATE INDEX alert_of_owner ON alert (owner_org, act_by, alert_id);
CREATE INDEX alert_open_of_referral ON alert (referral_id) WHERE NOT resolved;
CREATE INDEX referral_case_of_referral ON referral_case (referral_id);

-- Offers that have not ended, by the service that was asked.
CREATE INDEX offer_asked ON offer (service_id, referral_id)
  WHERE status IN ('holding', 'open', 'softened', 'standby', 'confirming', 'confirmed');

-- The decision record of each search of a referral, by its number.
CREATE INDEX journal_decision ON journal (aggregate_id, ((data->>'search')::int), position)
  WHERE aggregate = 'referral' AND type = 'SearchDecided';
