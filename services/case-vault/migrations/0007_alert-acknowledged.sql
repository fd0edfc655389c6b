-- Up Migration
-- Acknowledged means seen: the alert stays here until it is resolved.
ALTER TABLE alert ADD COLUMN acknowledged boolean NOT NULL DEFAULT false;
