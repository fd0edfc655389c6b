-- Up Migration
-- Whether the organisation of a service was announced to the provider services. A new entry is announced when it is made, an older one when `referral` starts.
ALTER TABLE service ADD COLUMN announced boolean NOT NULL DEFAULT true;
UPDATE service SET announced = false;
CREATE INDEX service_not_announced ON service (id) WHERE NOT announced;
