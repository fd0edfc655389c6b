-- Up Migration
-- When a request was last tried: the one that was not tried for longest is next, so that requests that fail delay no other.
ALTER TABLE release_requests ADD COLUMN tried_at timestamptz;
DROP INDEX release_requests_open;
CREATE INDEX release_requests_open ON release_requests (coalesce(tried_at, '-infinity'), id) WHERE done_at IS NULL;
