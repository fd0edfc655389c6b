-- Up Migration
-- Acknowledged means seen; only resolved ends an alert. Until then it is listed and told again.
ALTER TABLE alert ADD COLUMN resolved boolean NOT NULL DEFAULT false;
DROP INDEX alert_open;
CREATE INDEX alert_open ON alert (act_by, alert_id) WHERE NOT resolved;
