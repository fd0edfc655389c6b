-- Up Migration
-- The topic of each waiting message, so that messages of a topic that cannot be written are skipped without being read.
ALTER TABLE outbox ADD COLUMN to_topic text;
UPDATE outbox SET to_topic = j.topic FROM journal j WHERE j.position = outbox.position;
ALTER TABLE outbox ALTER COLUMN to_topic SET NOT NULL;
CREATE INDEX outbox_of_topic ON outbox (to_topic, position);
