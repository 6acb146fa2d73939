-- The first schema. Tokens (@INTEGER, @BYTES, @TEXT, @KEPT, @CLUSTERED) become
-- each engine's types. What every column is (clear, hashed, sealed), who exports
-- and who erases it stands in storage/columns.cpp; a test compares the two.

CREATE TABLE node(
  name @TEXT NOT NULL,
  value @TEXT NOT NULL,
  PRIMARY KEY(name)
) @KEPT;

CREATE TABLE tenant(
  tenant_id @INTEGER NOT NULL,
  slug @TEXT NOT NULL,
  revision @INTEGER NOT NULL,
  created_at @INTEGER NOT NULL,
  sealed @BYTES NOT NULL,
  PRIMARY KEY(tenant_id)
) @KEPT;
CREATE UNIQUE INDEX tenant_by_slug ON tenant(slug);

CREATE TABLE channel(
  tenant_id @INTEGER NOT NULL,
  channel_id @INTEGER NOT NULL,
  kind @INTEGER NOT NULL,
  account_hash @BYTES NOT NULL,
  connected @INTEGER NOT NULL,
  mode @INTEGER NOT NULL,
  sealed @BYTES NOT NULL,
  PRIMARY KEY(tenant_id, channel_id)
) @KEPT;
CREATE UNIQUE INDEX channel_by_account ON channel(account_hash, kind)
  WHERE connected = 1;

CREATE TABLE knowledge(
  tenant_id @INTEGER NOT NULL,
  entry_id @BYTES NOT NULL,
  match_hash @BYTES NOT NULL,
  position @INTEGER NOT NULL,
  origin @INTEGER NOT NULL,
  sealed @BYTES NOT NULL,
  PRIMARY KEY(tenant_id, entry_id)
) @KEPT;
CREATE UNIQUE INDEX knowledge_by_match ON knowledge(tenant_id, match_hash);

CREATE TABLE seen(
  tenant_id @INTEGER NOT NULL,
  at @INTEGER NOT NULL,
  key_hash @INTEGER NOT NULL,
  until @INTEGER NOT NULL,
  PRIMARY KEY(tenant_id, at, key_hash)
) @CLUSTERED;

CREATE TABLE journal(
  tenant_id @INTEGER NOT NULL,
  journal_id @BYTES NOT NULL,
  conversation_hash @BYTES,
  shard @INTEGER NOT NULL,
  channel_id @INTEGER NOT NULL,
  received_at @INTEGER NOT NULL,
  attempts @INTEGER NOT NULL,
  next_try_at @INTEGER NOT NULL,
  key_day @INTEGER NOT NULL,
  sealed @BYTES NOT NULL,
  PRIMARY KEY(tenant_id, journal_id)
) @KEPT;

CREATE TABLE kept_event(
  tenant_id @INTEGER NOT NULL,
  event_id @BYTES NOT NULL,
  conversation_hash @BYTES,
  channel_id @INTEGER NOT NULL,
  received_at @INTEGER NOT NULL,
  until @INTEGER NOT NULL,
  key_day @INTEGER NOT NULL,
  sealed @BYTES NOT NULL,
  PRIMARY KEY(tenant_id, event_id)
) @KEPT;

CREATE TABLE quarantine(
  quarantine_id @BYTES NOT NULL,
  received_at @INTEGER NOT NULL,
  sealed @BYTES NOT NULL,
  PRIMARY KEY(quarantine_id)
) @KEPT;

CREATE TABLE person(
  tenant_id @INTEGER NOT NULL,
  person_id @BYTES NOT NULL,
  created_at @INTEGER NOT NULL,
  sealed @BYTES NOT NULL,
  PRIMARY KEY(tenant_id, person_id)
) @KEPT;

CREATE TABLE alias(
  tenant_id @INTEGER NOT NULL,
  alias_hash @BYTES NOT NULL,
  person_id @BYTES NOT NULL,
  sealed @BYTES NOT NULL,
  PRIMARY KEY(tenant_id, alias_hash)
) @KEPT;
CREATE INDEX alias_by_person ON alias(tenant_id, person_id);

CREATE TABLE conversation(
  tenant_id @INTEGER NOT NULL,
  conversation_id @BYTES NOT NULL,
  channel_id @INTEGER NOT NULL,
  kind @INTEGER NOT NULL,
  lookup_hash @BYTES NOT NULL,
  shard @INTEGER NOT NULL,
  person_id @BYTES NOT NULL,
  case_id @BYTES NOT NULL,
  key_generation @INTEGER NOT NULL,
  owner @INTEGER NOT NULL,
  epoch @INTEGER NOT NULL,
  ai_returns_at @INTEGER,
  seq @INTEGER NOT NULL,
  customer_seq @INTEGER NOT NULL,
  answered_seq @INTEGER NOT NULL,
  answered_at @INTEGER NOT NULL,
  unanswered_since @INTEGER,
  reply_due_at @INTEGER,
  reply_attempts @INTEGER NOT NULL,
  created_at @INTEGER NOT NULL,
  last_activity @INTEGER NOT NULL,
  customer_acted_at @INTEGER,
  erase_at @INTEGER NOT NULL,
  timer_at @INTEGER NOT NULL,
  hold @INTEGER NOT NULL,
  private_reply_used @INTEGER NOT NULL,
  sealed @BYTES NOT NULL,
  PRIMARY KEY(tenant_id, conversation_id)
) @KEPT;
CREATE UNIQUE INDEX conversation_by_hash ON conversation(tenant_id, lookup_hash);
CREATE INDEX conversation_by_person ON conversation(tenant_id, person_id);
CREATE INDEX conversation_by_reply ON conversation(reply_due_at)
  WHERE reply_due_at IS NOT NULL;
CREATE INDEX conversation_by_timer ON conversation(timer_at);
CREATE INDEX conversation_by_hold ON conversation(tenant_id) WHERE hold = 1;

CREATE TABLE turn(
  tenant_id @INTEGER NOT NULL,
  conversation_id @BYTES NOT NULL,
  seq @INTEGER NOT NULL,
  turn_id @BYTES NOT NULL,
  author @INTEGER NOT NULL,
  kind @INTEGER NOT NULL,
  state @INTEGER NOT NULL,
  at @INTEGER NOT NULL,
  received_at @INTEGER NOT NULL,
  late @INTEGER NOT NULL,
  findable @INTEGER NOT NULL,
  external_hash @BYTES,
  failure_code @INTEGER NOT NULL,
  sealed @BYTES NOT NULL,
  PRIMARY KEY(tenant_id, conversation_id, seq)
) @KEPT;
CREATE INDEX turn_by_external ON turn(tenant_id, external_hash)
  WHERE findable = 1;

CREATE TABLE outbox(
  tenant_id @INTEGER NOT NULL,
  turn_id @BYTES NOT NULL,
  conversation_id @BYTES NOT NULL,
  channel_id @INTEGER NOT NULL,
  shard @INTEGER NOT NULL,
  seq @INTEGER NOT NULL,
  kind @INTEGER NOT NULL,
  author @INTEGER NOT NULL,
  state @INTEGER NOT NULL,
  epoch @INTEGER NOT NULL,
  answers_after @INTEGER NOT NULL,
  answers_to @INTEGER NOT NULL,
  attempts @INTEGER NOT NULL,
  created_at @INTEGER NOT NULL,
  next_try_at @INTEGER NOT NULL,
  claimed_at @INTEGER,
  PRIMARY KEY(tenant_id, turn_id)
) @KEPT;
CREATE INDEX outbox_by_conversation ON outbox(tenant_id, conversation_id);
CREATE INDEX outbox_by_channel ON outbox(tenant_id, channel_id, next_try_at);

CREATE TABLE erasure(
  tenant_id @INTEGER NOT NULL,
  erasure_id @BYTES NOT NULL,
  scope @INTEGER NOT NULL,
  subject @BYTES NOT NULL,
  reason @INTEGER NOT NULL,
  requested_at @INTEGER NOT NULL,
  PRIMARY KEY(tenant_id, erasure_id)
) @KEPT;
