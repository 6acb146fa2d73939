#include "api/control.hpp"

#include "protocol/json/fields.hpp"
#include "protocol/json/writer.hpp"

namespace assistly::api {

namespace {

/// Commands that wait for the one before them.
constexpr std::size_t most_waiting = 64;

/// Bodies are `{"name": …, "arguments": {…}}`.
std::string to_json(const command_call& call) {
  json::json_writer w{json::json_form::utf8};
  w.open().text("name", call.name).key("arguments").open();
  for (const auto& [name, value] : call.arguments)
    w.text(name, value);
  w.close().close();
  return std::move(w).take();
}

outcome<command_call> call_from(const std::string& body) {
  json::json_fields fields;
  if (!fields.add_json(body))
    return fault{errc::invalid, "the command is not a JSON object"};
  command_call call;
  constexpr std::string_view prefix = "arguments.";
  for (const auto& f : fields.all())
    if (f.path == "name")
      call.name = f.value;
    else if (f.path.starts_with(prefix))
      call.arguments[f.path.substr(prefix.size())] = f.value;
  return call;
}

/// Failures travel as `{"code": …, "text": …}` with status 422.
http::response told(const outcome<std::string>& result) {
  if (result)
    return http::response::json(200, *result);
  json::json_writer w{json::json_form::utf8};
  w.open()
    .number("code", static_cast<int>(result.error().code))
    .text("text", result.error().text)
    .close();
  return http::response::json(422, std::move(w).take());
}

} // namespace

control_desk::control_desk(access& a)
  : access_(&a), thread_([this] { loop(); }) {}

control_desk::~control_desk() {
  {
    std::lock_guard lock{mutex_};
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void control_desk::take(http::request request, http::responder responder) {
  {
    std::unique_lock lock{mutex_};
    if (queue_.size() >= most_waiting) {
      lock.unlock();
      return std::move(responder).send(
        told(fault{errc::busy, "too many commands wait for the server already; "
                               "try again in a while"}));
    }
    queue_.push_back({std::move(request), std::move(responder)});
  }
  wake_.notify_one();
}

void control_desk::loop() {
  while (true) {
    std::optional<job> mine;
    {
      std::unique_lock lock{mutex_};
      wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
      if (stopping_)
        return;
      mine.emplace(std::move(queue_.front()));
      queue_.pop_front();
    }
    std::move(mine->responder).send(told(carry_out(mine->request.body)));
  }
}

/// A command that throws is a fault of ours, and no reason to end the server.
outcome<std::string> control_desk::carry_out(const std::string& body) {
  auto call = call_from(body);
  if (!call)
    return call.error();
  try {
    return run_command(*access_, *call);
  } catch (const std::exception&) {
    // Its text may hold anything, so it is not passed on.
    return fault{errc::internal, "the command \"" + call->name
                                   + "\" failed in the server; report it"};
  }
}

std::filesystem::path control_socket_in(const std::filesystem::path& folder) {
  return folder / "control.sock";
}

milliseconds longest_answer(const command_call& call) {
  for (std::string_view name : {"apply", "backup", "dead-letter-replay",
                                "export", "erase", "check-deep"})
    if (call.name == name)
      return hours{1};
  return seconds{30};
}

outcome<std::string> hand_over(fetch::client& client,
                               const std::filesystem::path& socket,
                               const command_call& call, milliseconds most) {
  fetch::request wanted;
  wanted.url = "http://control/command";
  wanted.unix_socket = socket.string();
  wanted.headers = {"Content-Type: application/json"};
  wanted.body = to_json(call);
  wanted.total_timeout = most;
  wanted.max_response_bytes = std::size_t{64} << 20;
  auto answer = fetch::send_and_wait(client, std::move(wanted));
  if (!answer) {
    if (answer.error().code != errc::in_doubt)
      return answer.error();
    return fault{
      errc::in_doubt,
      "the server behind " + socket.string()
        + " took the command and gave no answer within "
        + std::to_string(std::chrono::duration_cast<seconds>(most).count())
        + " s, or ended before it; it may still carry the command "
          "out. See whether the server runs and what it is busy "
          "with, and look at the result before you repeat it"};
  }
  if (answer->status == 200)
    return std::move(answer->body);
  json::json_fields fields;
  if (!fields.add_json(answer->body))
    return fault{errc::internal, "the server did not understand the command"};
  return fault{static_cast<errc>(fields.number("code").value_or(
                 static_cast<int>(errc::internal))),
               std::string{fields.text("text")}};
}

} // namespace assistly::api
