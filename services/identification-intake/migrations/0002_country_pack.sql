-- Up Migration
-- Every country pack that a procedure here began under, with the content of its files. A running procedure stays on its own version.
CREATE TABLE country_pack (
  id text PRIMARY KEY,
  content json NOT NULL,
  stored_at timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT, INSERT ON country_pack TO identification_intake_service;
