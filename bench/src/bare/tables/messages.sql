-- Journal, outbox, numbers of the streams, inbox and timers.
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

CREATE TABLE outbox (
  position bigint PRIMARY KEY REFERENCES journal (position),
  aggregate_id uuid NOT NULL,
  put_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  parked text,
  trace text
);
CREATE INDEX outbox_parked ON outbox (aggregate_id) WHERE parked IS NOT NULL;

CREATE TABLE stream_numbers (
  topic text NOT NULL,
  key text NOT NULL,
  last bigint NOT NULL,
  PRIMARY KEY (topic, key)
);

CREATE TABLE inbox (
  topic text NOT NULL,
  key text NOT NULL,
  epoch int NOT NULL,
  last bigint NOT NULL,
  PRIMARY KEY (topic, key)
);

CREATE TABLE timers (
  aggregate text NOT NULL,
  aggregate_id uuid NOT NULL,
  generation int NOT NULL,
  kind text NOT NULL,
  due bigint NOT NULL,
  PRIMARY KEY (aggregate, aggregate_id, generation)
);
CREATE INDEX timers_due ON timers (due);
