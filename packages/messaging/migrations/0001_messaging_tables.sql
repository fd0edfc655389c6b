-- Up Migration
-- The journal is insert-only. It has one row for each event of an aggregate (`data`) and one for each message that was published for it
-- (`topic` to `value`, the bytes that were sent; `id` is the `ce_id` of the message). It is the audit record and the source of replay.
CREATE TABLE journal (
  position bigserial PRIMARY KEY,
  id uuid NOT NULL UNIQUE,
  aggregate text NOT NULL,
  aggregate_id uuid NOT NULL,
  version int NOT NULL,
  type text NOT NULL,
  at bigint NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT now(),
  author_person uuid,
  author_organisation uuid NOT NULL,
  author_role text NOT NULL,
  basis text,
  rule_version text,
  data jsonb,
  topic text,
  key text,
  sequence bigint,
  epoch int,
  value bytea,
  CHECK ((topic IS NULL) = (value IS NULL) AND (topic IS NULL) = (sequence IS NULL) AND (topic IS NULL) = (key IS NULL)),
  CHECK ((data IS NULL) = (topic IS NOT NULL))
);
CREATE INDEX journal_of_aggregate ON journal (aggregate, aggregate_id, position);
CREATE UNIQUE INDEX journal_of_stream ON journal (topic, key, epoch, sequence) WHERE topic IS NOT NULL;
CREATE INDEX journal_of_topic ON journal (topic, position) WHERE topic IS NOT NULL;

CREATE FUNCTION journal_is_insert_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the journal is insert-only';
END $$;
CREATE TRIGGER journal_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal
  FOR EACH STATEMENT EXECUTE FUNCTION journal_is_insert_only();

-- Messages that are still to be sent. `parked`: the broker refuses a message of this aggregate; later messages of the aggregate wait.
CREATE TABLE outbox (
  position bigint PRIMARY KEY REFERENCES journal (position),
  aggregate_id uuid NOT NULL,
  put_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  parked text
);
CREATE INDEX outbox_parked ON outbox (aggregate_id) WHERE parked IS NOT NULL;

-- The last number given out on each stream, and the epoch, which a restore from a backup raises.
CREATE TABLE stream_numbers (
  topic text NOT NULL,
  key text NOT NULL,
  last bigint NOT NULL,
  PRIMARY KEY (topic, key)
);
CREATE TABLE epoch (single boolean PRIMARY KEY DEFAULT true CHECK (single), number int NOT NULL);
INSERT INTO epoch (number) VALUES (1);

-- The last number seen of each stream, and the messages that wait because an earlier one is missing or unreadable.
CREATE TABLE inbox (
  topic text NOT NULL,
  key text NOT NULL,
  epoch int NOT NULL,
  last bigint NOT NULL,
  PRIMARY KEY (topic, key)
);
CREATE TABLE quarantine (
  topic text NOT NULL,
  key text NOT NULL,
  reason text NOT NULL,
  since timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (topic, key)
);
CREATE TABLE parked (
  id bigserial PRIMARY KEY,
  topic text NOT NULL,
  partition int NOT NULL,
  offset_in_partition bigint NOT NULL,
  key text,
  epoch int,
  sequence bigint,
  headers jsonb NOT NULL,
  value bytea,
  reason text NOT NULL,
  parked_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (topic, partition, offset_in_partition)
);
CREATE UNIQUE INDEX parked_of_stream ON parked (topic, key, epoch, sequence) WHERE sequence IS NOT NULL;

-- Requests of operators. The running consumer does them, because only it has the handlers.
CREATE TABLE release_requests (
  id bigserial PRIMARY KEY,
  topic text NOT NULL,
  key text NOT NULL,
  skip boolean NOT NULL,
  asked_by text NOT NULL,
  asked_at timestamptz NOT NULL DEFAULT now(),
  done_at timestamptz,
  applied int
);
CREATE INDEX release_requests_open ON release_requests (id) WHERE done_at IS NULL;

-- The earliest deadline of each aggregate. A command adds a newer generation and never deletes one (design rule 15).
CREATE TABLE timers (
  aggregate text NOT NULL,
  aggregate_id uuid NOT NULL,
  generation int NOT NULL,
  kind text NOT NULL,
  due bigint NOT NULL,
  PRIMARY KEY (aggregate, aggregate_id, generation)
);
CREATE INDEX timers_due ON timers (due);

DO $$
DECLARE service text := replace(current_user, '_owner', '_service');
BEGIN
  EXECUTE format('GRANT SELECT, INSERT ON journal TO %I', service);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON outbox, stream_numbers, inbox, quarantine, parked, timers TO %I', service);
  EXECUTE format('GRANT SELECT, UPDATE ON epoch TO %I', service);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE ON release_requests TO %I', service);
  EXECUTE format('GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO %I', service);
END $$;
