-- Up Migration
-- The state as filled again by a rebuild. Decisions read `state` until the rebuild of the case is complete, and then it replaces `state`.
ALTER TABLE case_basis ADD COLUMN rebuilt jsonb;
