-- Up Migration
-- The other members of a group that are of the same organisation, in the order in which they are read.
DROP INDEX arrival_of_group;
CREATE INDEX arrival_of_group ON arrival (owner_org, group_id, token_id) WHERE group_id IS NOT NULL;
