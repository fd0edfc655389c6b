-- Up Migration
-- Requests that were done are deleted after 30 days, except those that gave up a message.
DO $$
BEGIN
  EXECUTE format('GRANT DELETE ON release_requests TO %I', replace(current_user, '_owner', '_service'));
END $$;
CREATE INDEX release_requests_old ON release_requests (done_at) WHERE NOT skip;
