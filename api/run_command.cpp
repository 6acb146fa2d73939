#include "api/run_command.hpp"

#include "api/backup.hpp"
#include "api/check.hpp"
#include "api/dead_letters.hpp"
#include "api/erase.hpp"
#include "api/export.hpp"
#include "api/inbox.hpp"
#include "api/lookups.hpp"
#include "api/tenant_commands.hpp"
#include "storage/room.hpp"

namespace assistly::api {

namespace {

outcome<std::string> conversation_command(access& a, const command_call& call,
                                          std::string_view verb) {
  auto tenant = tenant_named(a, call["tenant"]);
  if (!tenant)
    return tenant.error();
  if (verb == "list") {
    auto page = page_of(call);
    return page ? list_conversations(a, *tenant, *page)
                : outcome<std::string>{page.error()};
  }
  auto id = id_named(call["conversation"], "conversation");
  if (!id)
    return id.error();
  conversation_id which{*id};
  if (verb == "show")
    return show_conversation(a, *tenant, which);
  if (verb == "take")
    return act(a, *tenant, which, storage::member_act::take_over, {});
  if (verb == "reply")
    return act(a, *tenant, which, storage::member_act::reply, call["text"]);
  if (verb == "return")
    return act(a, *tenant, which, storage::member_act::hand_back, {});
  return fault{errc::invalid, "there is no such conversation command"};
}

/// Whoever has the writer asks the disk, too, whether it takes anything.
outcome<std::string> check_and_write(access& a, bool deep) {
  if (auto written = a.writer.run(storage::prove_room); !written)
    return written.error();
  checked c{a.settings, a.db, a.reader};
  return deep ? check_deep(c) : check(c);
}

/// What only looks at something: the first that a server in trouble leaves.
bool only_reads(const std::string& name) {
  for (std::string_view one : {"ask", "conversation-list", "conversation-show",
                               "dead-letter-list", "export", "check-deep"})
    if (name == one)
      return true;
  return false;
}

} // namespace

const std::string& command_call::operator[](const std::string& argument) const {
  static const std::string none;
  auto it = arguments.find(argument);
  return it == arguments.end() ? none : it->second;
}

outcome<std::string> run_command(access& a, const command_call& call) {
  if (a.services && only_reads(call.name)
      && actors::is_shed_now(*a.services, shed_work::read))
    return fault{errc::busy,
                 "the server's storage is slow, and what customers send goes "
                 "first; try again in a while, and look at its disk"};
  constexpr std::string_view of_conversation = "conversation-";
  if (call.name.starts_with(of_conversation))
    return conversation_command(
      a, call, std::string_view{call.name}.substr(of_conversation.size()));
  constexpr std::string_view of_dead_letters = "dead-letter-";
  if (call.name.starts_with(of_dead_letters))
    return dead_letter_command(
      a, call, std::string_view{call.name}.substr(of_dead_letters.size()));
  if (call.name == "apply")
    return apply(a, call);
  if (call.name == "ask")
    return ask(a, call);
  if (call.name == "backup")
    return backup(a, call);
  if (call.name == "export")
    return export_tenant(a, call);
  if (call.name == "erase")
    return erase(a, call);
  if (call.name == "check")
    return check_and_write(a, false);
  if (call.name == "check-deep")
    return check_and_write(a, true);
  return fault{errc::invalid, "there is no command \"" + call.name + "\""};
}

} // namespace assistly::api
