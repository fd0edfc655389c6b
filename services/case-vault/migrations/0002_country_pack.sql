-- Up Migration
-- Every country pack under which something was begun, with the content of its files, because running items keep their version.
CREATE TABLE country_pack (
  id text PRIMARY KEY,
  content json NOT NULL,
  stored_at timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT, INSERT ON country_pack TO case_vault_service;
