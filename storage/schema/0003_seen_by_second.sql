-- Keys in `seen` stand behind the whole second of their event, for Meta's read
-- interface tells no more, and what was fetched must meet what was delivered
-- (docs/decisions/0012). What stood behind milliseconds moves.

INSERT INTO seen(tenant_id, at, key_hash, until)
  SELECT tenant_id, at - at % 1000, key_hash, until FROM seen
  WHERE at % 1000 <> 0
  ON CONFLICT(tenant_id, at, key_hash) DO NOTHING;
DELETE FROM seen WHERE at % 1000 <> 0;
