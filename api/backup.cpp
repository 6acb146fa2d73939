#include "api/backup.hpp"

#include "protocol/json/writer.hpp"
#include "storage/backup.hpp"
#include "storage/ledger.hpp"

namespace assistly::api {

outcome<std::string> backup(access& a, const command_call& call) {
  const auto& to = call["to"];
  auto done = storage::write_backup(a.db, a.writer, a.clock, to);
  if (!done)
    return done.error();
  json::json_writer w{json::json_form::utf8};
  w.open()
    .text("file", to)
    .number("bytes", done->bytes)
    .text("taken_at", storage::rfc3339(done->taken_at))
    .close();
  return std::move(w).take();
}

} // namespace assistly::api
