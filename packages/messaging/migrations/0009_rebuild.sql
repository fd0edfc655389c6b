-- Up Migration
-- A stream whose projection is filled again: the place up to which its messages were applied before. Until then the stream is in quarantine.
ALTER TABLE quarantine ADD COLUMN until_epoch int;
ALTER TABLE quarantine ADD COLUMN until_last bigint;
