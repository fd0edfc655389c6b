-- Up Migration
-- Of each stream: the epoch of its last number, and the place that came right before the first number of this epoch (0, 0 at the beginning). A reader
-- that has not come so far sees that something is missing.
ALTER TABLE stream_numbers ADD COLUMN epoch int NOT NULL DEFAULT 1;
ALTER TABLE stream_numbers ADD COLUMN after_epoch int NOT NULL DEFAULT 0;
ALTER TABLE stream_numbers ADD COLUMN after_last bigint NOT NULL DEFAULT 0;
UPDATE stream_numbers SET epoch = (SELECT number FROM epoch);
-- The same place as it was sent with each message, for a replay with the first headers.
ALTER TABLE journal ADD COLUMN after_epoch int NOT NULL DEFAULT 0;
ALTER TABLE journal ADD COLUMN after_last bigint NOT NULL DEFAULT 0;

-- A topic that was made anew gives its offsets out again: a message of a stream is known by its number (parked_of_stream), any other by what it is too.
ALTER TABLE parked DROP CONSTRAINT parked_topic_partition_offset_in_partition_key;
CREATE UNIQUE INDEX parked_of_no_stream ON parked (topic, partition, offset_in_partition, md5(headers::text), md5(coalesce(value, '')))
  WHERE sequence IS NULL;
