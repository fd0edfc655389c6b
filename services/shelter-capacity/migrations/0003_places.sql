-- Up Migration
-- Which provider a room or a unit belongs to. Callers make these ids, so one provider could name the unit of another: an id has one owner.
CREATE TABLE room_unit_owner (
  kind text NOT NULL,
  room_or_unit_id uuid NOT NULL,
  provider_id uuid NOT NULL REFERENCES provider (id),
  PRIMARY KEY (kind, room_or_unit_id)
);
INSERT INTO room_unit_owner (kind, room_or_unit_id, provider_id)
  SELECT 'room', (room->>'roomId')::uuid, p.id
  FROM provider p, jsonb_array_elements(p.state->'sites') site, jsonb_array_elements(site->'rooms') room ON CONFLICT DO NOTHING;
INSERT INTO room_unit_owner (kind, room_or_unit_id, provider_id)
  SELECT 'unit', unit::uuid, p.id
  FROM provider p, jsonb_array_elements(p.state->'sites') site, jsonb_array_elements(site->'rooms') room, jsonb_array_elements_text(room->'unitIds') unit
  ON CONFLICT DO NOTHING;
GRANT SELECT, INSERT, UPDATE ON room_unit_owner TO shelter_capacity_service;

-- One unit, one hold, at each provider. Where older rooms of two providers share an id, neither provider stops the messages of the other.
ALTER TABLE occupancy DROP CONSTRAINT occupancy_pkey;
ALTER TABLE occupancy ADD PRIMARY KEY (provider_id, unit_id);
-- A unit id has one spelling. Older rows are checked by `ops verify`.
ALTER TABLE occupancy ADD CONSTRAINT unit_in_small_letters CHECK (unit_id = lower(unit_id)) NOT VALID;
