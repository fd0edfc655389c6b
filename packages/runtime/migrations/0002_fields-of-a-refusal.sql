-- Up Migration
-- The fields that a refusal named: the same command is refused the same, field by field.
ALTER TABLE answered_commands ADD COLUMN problems jsonb;
