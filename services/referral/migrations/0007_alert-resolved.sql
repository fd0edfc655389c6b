-- Up Migration
-- An acknowledged alert was seen. Only a resolved alert ends; until then it is listed and escalated.
ALTER TABLE alert ADD COLUMN resolved boolean NOT NULL DEFAULT false;
DROP INDEX alert_open;
CREATE INDEX alert_open ON alert (act_by, alert_id) WHERE NOT resolved;
