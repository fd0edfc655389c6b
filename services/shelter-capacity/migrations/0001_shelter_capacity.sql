-- Up Migration
-- One row locks a provider with its sites, rooms, units, holds and stays, so that keep-apart is checked for all of them.
CREATE TABLE provider (
  id uuid PRIMARY KEY,
  owner_org uuid NOT NULL,
  version int NOT NULL,
  generation int NOT NULL,
  state jsonb NOT NULL
);

-- Which provider a service or a hold belongs to.
CREATE TABLE service_provider (
  service_id uuid PRIMARY KEY,
  provider_id uuid NOT NULL REFERENCES provider (id)
);
CREATE TABLE hold_provider (
  hold_id uuid PRIMARY KEY,
  provider_id uuid NOT NULL REFERENCES provider (id)
);

-- One unit, one hold: the database refuses what a mistake in the rules might allow (promise 2).
CREATE TABLE occupancy (
  unit_id text PRIMARY KEY,
  hold_id uuid NOT NULL,
  provider_id uuid NOT NULL REFERENCES provider (id)
);
CREATE INDEX occupancy_of_hold ON occupancy (hold_id);

-- The sealed address of a site. It is nowhere else in this database.
CREATE TABLE site_address (
  site_id uuid PRIMARY KEY,
  provider_id uuid NOT NULL REFERENCES provider (id),
  sealed bytea NOT NULL
);

GRANT SELECT, INSERT, UPDATE ON provider, service_provider, hold_provider, site_address TO shelter_capacity_service;
GRANT SELECT, INSERT, DELETE ON occupancy TO shelter_capacity_service;
