-- Events that nobody could work off. Each is the journal's row as it was, still
-- sealed with the journal's key of its day and in the journal's name, so that it
-- can be moved without being opened; it ends before that key does.

CREATE TABLE dead_letter(
  tenant_id @INTEGER NOT NULL,
  letter_id @BYTES NOT NULL,
  conversation_hash @BYTES,
  shard @INTEGER NOT NULL,
  channel_id @INTEGER NOT NULL,
  received_at @INTEGER NOT NULL,
  attempts @INTEGER NOT NULL,
  reason @INTEGER NOT NULL,
  died_at @INTEGER NOT NULL,
  until @INTEGER NOT NULL,
  key_day @INTEGER NOT NULL,
  sealed @BYTES NOT NULL,
  PRIMARY KEY(tenant_id, letter_id)
) @KEPT;
