-- Up Migration
-- Every country pack under which a record here began, as in its files: a running record stays on its own version.
CREATE TABLE country_pack (
  id text PRIMARY KEY,
  content json NOT NULL,
  stored_at timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT, INSERT ON country_pack TO referral_service;
