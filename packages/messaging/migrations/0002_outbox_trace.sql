-- Up Migration
-- The trace of the work that caused a message (W3C traceparent), for the span of its sending. It never leaves this service: it is neither
-- on Kafka nor in the journal.
ALTER TABLE outbox ADD COLUMN trace text;
