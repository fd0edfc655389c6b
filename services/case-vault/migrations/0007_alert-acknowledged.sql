-- Up Migration
-- Acknowledged means seen; the row stays until the alert is resolved.
ALTER TABLE alert ADD COLUMN acknowledged boolean NOT NULL DEFAULT false;
