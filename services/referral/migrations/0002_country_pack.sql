-- Up Migration
-- Every country pack under which something here was begun, as it stood in its files: what runs stays on its own version.
CREATE TABLE country_pack (
  id text PRIMARY KEY,
  content json NOT NULL,
  stored_at timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT, INSERT ON country_pack TO referral_service;
