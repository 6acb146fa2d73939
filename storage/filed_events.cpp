#include "storage/filed_events.hpp"

#include "model/identity.hpp"
#include "storage/conversations.hpp"
#include "storage/lookup.hpp"
#include "storage/people.hpp"
#include "storage/tenants.hpp"

#include <algorithm>

namespace assistly::storage {

namespace {

class hash_list {
public:
  hash_list(work& w, tenant_id tenant)
    : lookup_(w.keys.get({tenant, key_kind::lookup, {}})) {}

  void add(const stored_channel& channel, const std::string& thread,
           const alias& who) {
    inbound_event event;
    event.kind = event_kind::customer_text;
    event.channel = channel.settings.kind;
    event.account_id = channel.settings.access.account_id;
    event.thread_id = thread;
    event.person = {who};
    auto hash = hash_of(lookup_, conversation_key(event));
    if (std::find(all.begin(), all.end(), hash) == all.end())
      all.push_back(hash);
  }

  std::vector<lookup_hash> all;

private:
  crypto::key256 lookup_;
};

bool is_of(const stored_alias& a, const stored_channel& channel) {
  return a.who.space == alias_space::wa_phone
         || a.account_id == channel.settings.access.account_id;
}

} // namespace

std::vector<lookup_hash> hashes_of(work& w, tenant_id tenant,
                                   conversation_id id, const lookup_hash& own) {
  try {
    auto c = find_conversation(w.db, w.keys, tenant, id);
    if (!c)
      return {own};
    hash_list list{w, tenant};
    list.all.push_back(own);
    auto person = read_person(w.db, w.keys, tenant, c->person);
    for (const auto& channel : read_channels(w.db, w.keys, tenant)) {
      if (channel.id != c->channel)
        continue;
      for (const auto& who : c->to.aliases)
        list.add(channel, c->to.thread_id, who);
      if (person)
        for (const auto& a : person->aliases)
          if (is_of(a, channel))
            list.add(channel, c->to.thread_id, a.who);
    }
    return std::move(list.all);
  } catch (const sql::failure& why) {
    if (why.code() != errc::key_destroyed)
      throw;
    return {own};
  }
}

std::vector<lookup_hash> hashes_of(work& w, tenant_id tenant, person_id id) {
  try {
    auto person = read_person(w.db, w.keys, tenant, id);
    if (!person)
      return {};
    hash_list list{w, tenant};
    for (const auto& channel : read_channels(w.db, w.keys, tenant))
      for (const auto& a : person->aliases)
        if (!is_comment_channel(channel.settings.kind) && is_of(a, channel))
          list.add(channel, {}, a.who);
    return std::move(list.all);
  } catch (const sql::failure& why) {
    if (why.code() != errc::key_destroyed)
      throw;
    return {};
  }
}

} // namespace assistly::storage
