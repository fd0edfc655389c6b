-- Up Migration
-- The trace that brought a message about (W3C traceparent), for the span of its sending. It never leaves this service: not on Kafka, not in the journal.
ALTER TABLE outbox ADD COLUMN trace text;
