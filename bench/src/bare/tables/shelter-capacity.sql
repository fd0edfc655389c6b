CREATE TABLE provider (
  id uuid PRIMARY KEY,
  owner_org uuid NOT NULL,
  version int NOT NULL,
  generation int NOT NULL,
  state jsonb NOT NULL
);

CREATE TABLE service_provider (
  service_id uuid PRIMARY KEY,
  provider_id uuid NOT NULL REFERENCES provider (id)
);

CREATE TABLE hold_provider (
  hold_id uuid PRIMARY KEY,
  provider_id uuid NOT NULL REFERENCES provider (id)
);

CREATE TABLE occupancy (
  unit_id text PRIMARY KEY,
  hold_id uuid NOT NULL,
  provider_id uuid NOT NULL REFERENCES provider (id)
);
CREATE INDEX occupancy_of_hold ON occupancy (hold_id);
