-- The key store: a database file of its own, so that backups of the data hold no
-- keys. Every key is wrapped by the one above it; tenant 0 is the operator.

CREATE TABLE wrapped_key(
  tenant_id @INTEGER NOT NULL,
  kind @INTEGER NOT NULL,
  subject @BYTES NOT NULL,
  generation @INTEGER NOT NULL,
  created_at @INTEGER NOT NULL,
  wrapped @BYTES NOT NULL,
  PRIMARY KEY(tenant_id, kind, subject)
) @KEPT;
