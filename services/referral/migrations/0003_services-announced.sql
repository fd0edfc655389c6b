-- Up Migration
-- Whether it was announced to the providers' services whose a service is. A new entry is announced as it is made; those of before, when the service starts.
ALTER TABLE service ADD COLUMN announced boolean NOT NULL DEFAULT true;
UPDATE service SET announced = false;
CREATE INDEX service_not_announced ON service (id) WHERE NOT announced;
