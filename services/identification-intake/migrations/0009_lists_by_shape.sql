-- Up Migration
-- The notices of one organisation, in the order of its list.
CREATE INDEX notice_of_owner ON notice (owner_org, at, notice_id);
