-- Up Migration
-- For each stream: the epoch of its last number, and the last place before the first number of this epoch (0, 0 at the beginning). A
-- reader that has not reached this place knows that messages are missing.
ALTER TABLE stream_numbers ADD COLUMN epoch int NOT NULL DEFAULT 1;
ALTER TABLE stream_numbers ADD COLUMN after_epoch int NOT NULL DEFAULT 0;
ALTER TABLE stream_numbers ADD COLUMN after_last bigint NOT NULL DEFAULT 0;
UPDATE stream_numbers SET epoch = (SELECT number FROM epoch);
-- The same place, as it was sent with each message. A replay sends it again in the headers.
ALTER TABLE journal ADD COLUMN after_epoch int NOT NULL DEFAULT 0;
ALTER TABLE journal ADD COLUMN after_last bigint NOT NULL DEFAULT 0;

-- A topic that was created again uses its offsets a second time. A message of a stream is identified by its number (parked_of_stream),
-- any other message by its offset and content.
ALTER TABLE parked DROP CONSTRAINT parked_topic_partition_offset_in_partition_key;
CREATE UNIQUE INDEX parked_of_no_stream ON parked (topic, partition, offset_in_partition, md5(headers::text), md5(coalesce(value, '')))
  WHERE sequence IS NULL;
