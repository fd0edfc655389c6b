-- Up Migration
-- A stream whose projection is filled again: the last place that was applied before. Messages up to it are handled a second time.
ALTER TABLE inbox ADD COLUMN applied_epoch int;
ALTER TABLE inbox ADD COLUMN applied_last bigint;
-- The stream stays in quarantine until this place, which also counts messages that waited when the rebuild began.
ALTER TABLE quarantine ADD COLUMN until_epoch int;
ALTER TABLE quarantine ADD COLUMN until_last bigint;
