-- Up Migration
-- The answers of commands, kept for seven days: the same key gets the same answer (design rule 14). Ids and codes only.
CREATE TABLE answered_commands (
  organisation uuid NOT NULL,
  rpc text NOT NULL,
  key text NOT NULL,
  request_hash bytea NOT NULL,
  response bytea,
  refusal text,
  refusal_field text,
  answered_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organisation, rpc, key),
  CHECK ((response IS NULL) <> (refusal IS NULL))
);
CREATE INDEX answered_commands_by_age ON answered_commands (answered_at);

-- The privileges of the service on this table.
DO $$
BEGIN
  EXECUTE format('GRANT SELECT, INSERT, DELETE ON answered_commands TO %I', replace(current_user, '_owner', '_service'));
END $$;
