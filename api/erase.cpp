#include "api/erase.hpp"

#include "api/lookups.hpp"
#include "protocol/json/fields.hpp"
#include "protocol/json/writer.hpp"
#include "storage/outbox.hpp"

#include <future>

namespace assistly::api {

namespace {

/// Without a server there is nobody but us: the steps run here.
outcome<storage::receipt> erase_here(access& a,
                                     const storage::erase_request& request) {
  using state = storage::erase_progress::state;
  // We hold the data folder's lock, so nobody is sending: what a killed server
  // had under way is in doubt, as after any start.
  auto recovered =
    a.writer.run([](storage::work& w) { storage::doubt_all_sending(w); });
  if (!recovered)
    return recovered.error();
  while (true) {
    storage::erase_progress progress;
    auto done = a.writer.run([&](storage::work& w) {
      progress = storage::erase_step(w, a.ledger, request);
    });
    if (!done)
      return done.error();
    switch (progress.now) {
    case state::more:
      break;
    case state::wait:
      return fault{errc::busy, "a message is being sent; try again in 30 s"};
    case state::held:
      return fault{errc::not_permitted,
                   "a legal hold forbids the erasure; lift it first"};
    case state::not_due:
    case state::not_found:
      return fault{errc::not_found, "there is nothing of that name"};
    case state::done: {
      std::promise<void> emptied;
      // If somebody reads, the log is emptied when the last one closes it.
      a.writer.empty_log([&](const outcome<void>&) { emptied.set_value(); });
      emptied.get_future().wait();
      return std::move(progress.proof);
    }
    }
  }
}

outcome<storage::receipt> erase_by_node(access& a,
                                        const storage::erase_request& request) {
  std::promise<outcome<storage::receipt>> promise;
  auto result = promise.get_future();
  a.node->erase(request, [&promise](outcome<storage::receipt> proof) {
    promise.set_value(std::move(proof));
  });
  return result.get();
}

} // namespace

outcome<std::string> erase(access& a, const command_call& call) {
  auto tenant = tenant_named(a, call["tenant"]);
  if (!tenant)
    return tenant.error();
  storage::erase_request request;
  request.id = make_uuid(a.clock.now(), a.random);
  request.tenant = *tenant;
  request.scope = storage::erase_scope::tenant;
  request.reason = storage::erase_reason::request;
  for (const char* what : {"conversation", "person"}) {
    if (call[what].empty())
      continue;
    if (request.scope != storage::erase_scope::tenant)
      return fault{errc::invalid, "name a person or a conversation, not both"};
    auto id = id_named(call[what], what);
    if (!id)
      return id.error();
    request.subject = *id;
    request.scope = std::string_view{what} == "person"
                      ? storage::erase_scope::person
                      : storage::erase_scope::conversation;
  }
  // Written down first, so that a crash on the way does not lose it.
  auto noted = a.writer.run(
    [&](storage::work& w) { storage::request_erasure(w, request); });
  if (!noted)
    return noted.error();
  auto proof = a.node ? erase_by_node(a, request) : erase_here(a, request);
  if (!proof) {
    auto why = proof.error();
    if (why.code == errc::not_found || why.code == errc::not_permitted)
      (void)a.writer.run(
        [&](storage::work& w) { storage::withdraw_erasure(w, request); });
    else
      // It may have got as far as the keys, after which only its end makes the
      // rows whole again: it stays written down, and is owed.
      why.text += "; the erasure is written down and goes on by itself while "
                  "the server runs";
    return why;
  }
  return to_json(*proof);
}

std::string to_json(const storage::receipt& proof) {
  json::json_writer w{json::json_form::utf8};
  w.open();
  for (const auto& [name, value] : proof.fields)
    w.text(name, value);
  w.text("previous", proof.previous)
    .text("signer", proof.signer)
    .text("signature", proof.signature)
    .close();
  return std::move(w).take();
}

outcome<storage::receipt> receipt_from_json(std::string_view text) {
  json::json_fields fields;
  if (!fields.add_json(text))
    return fault{errc::invalid, "the file is not a receipt: not a JSON object"};
  storage::receipt r;
  for (const auto& f : fields.all())
    if (f.path == "previous")
      r.previous = f.value;
    else if (f.path == "signer")
      r.signer = f.value;
    else if (f.path == "signature")
      r.signature = f.value;
    else
      r.fields.emplace_back(f.path, f.value);
  if (r.signature.empty() || r.signer.empty() || r.fields.empty())
    return fault{errc::invalid,
                 "the file is not a receipt: signer or signature is missing"};
  return r;
}

} // namespace assistly::api
