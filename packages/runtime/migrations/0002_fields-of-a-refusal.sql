-- Up Migration
-- The fields that a refusal named, so that a repeated command gets the same refusal for each field.
ALTER TABLE answered_commands ADD COLUMN problems jsonb;
