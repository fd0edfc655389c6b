-- Up Migration
-- When a request was last tried. The request that was tried least recently is next, so a request that fails does not delay the others.
ALTER TABLE release_requests ADD COLUMN tried_at timestamptz;
DROP INDEX release_requests_open;
CREATE INDEX release_requests_open ON release_requests (coalesce(tried_at, '-infinity'), id) WHERE done_at IS NULL;
