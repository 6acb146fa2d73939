#include "sandbox/talk.hpp"

#include <algorithm>

namespace assistly::sandbox {

namespace {

std::string joined(std::string_view a, std::string_view b) {
  std::string out{a};
  out += '|';
  out += b;
  return out;
}

} // namespace

std::string_view to_string(line_state state) noexcept {
  switch (state) {
  case line_state::sending:
    return "sending";
  case line_state::delivered:
    return "delivered";
  case line_state::read:
    return "read";
  case line_state::failed:
    return "failed";
  }
  return "failed";
}

std::string_view to_string(line_kind kind) noexcept {
  switch (kind) {
  case line_kind::message:
    return "message";
  case line_kind::comment:
    return "comment";
  case line_kind::private_reply:
    return "private_reply";
  }
  return "message";
}

std::string thread_of(channel_kind channel, std::string_view account_id,
                      std::string_view customer_or_post) {
  return joined(joined(to_string(channel), account_id), customer_or_post);
}

std::optional<std::uint64_t> talk::add(const std::string& thread, line what) {
  auto at = threads_.find(thread);
  if (at == threads_.end()) {
    if (threads_.size() >= most_threads)
      return std::nullopt;
    at = threads_.try_emplace(thread).first;
  }
  auto& lines = at->second;
  what.revision = ++revision_;
  lines.push_back(std::move(what));
  if (lines.size() > most_lines)
    lines.pop_front();
  return revision_;
}

line* talk::find_line(const std::string& thread, std::string_view id) {
  const auto at = threads_.find(thread);
  if (at == threads_.end())
    return nullptr;
  // What changes is nearly always among the last.
  for (auto one = at->second.rbegin(); one != at->second.rend(); ++one)
    if (one->id == id)
      return &*one;
  return nullptr;
}

const line* talk::find(const std::string& thread, std::string_view id) const {
  return const_cast<talk*>(this)->find_line(thread, id);
}

void talk::set_state(const std::string& thread, std::string_view id,
                     line_state state, std::string note) {
  auto* found = find_line(thread, id);
  if (!found || (found->state == state && found->note == note))
    return;
  // An answer may overtake the 200 for the question.
  if (found->state == line_state::read && state == line_state::delivered)
    return;
  found->state = state;
  found->note = std::move(note);
  found->revision = ++revision_;
}

void talk::mark_read(const std::string& thread, std::string_view customer) {
  const auto at = threads_.find(thread);
  if (at == threads_.end())
    return;
  for (auto& one : at->second) {
    if (one.from_business || one.customer != customer
        || one.state == line_state::read || one.state == line_state::failed)
      continue;
    one.state = line_state::read;
    one.note.clear();
    one.revision = ++revision_;
  }
}

void talk::remove(const std::string& thread, std::string_view id) {
  auto* found = find_line(thread, id);
  if (!found)
    return;
  found->removed = true;
  found->text.clear();
  found->note.clear();
  found->revision = ++revision_;
}

std::vector<const line*> talk::since(const std::string& thread,
                                     std::uint64_t revision) const {
  std::vector<const line*> out;
  if (const auto at = threads_.find(thread); at != threads_.end())
    for (const auto& one : at->second)
      if (one.revision > revision)
        out.push_back(&one);
  return out;
}

contact* talk::find_contact(std::string_view account_id,
                            std::string_view external_id) {
  const auto at = contacts_.find(joined(account_id, external_id));
  return at == contacts_.end() ? nullptr : &at->second;
}

contact* talk::ensure_contact(std::string_view account_id, contact fresh) {
  auto key = joined(account_id, fresh.external_id);
  if (const auto at = contacts_.find(key); at != contacts_.end())
    return &at->second;
  if (contacts_.size() >= most_threads)
    return nullptr;
  return &contacts_.try_emplace(std::move(key), std::move(fresh)).first->second;
}

std::vector<const contact*>
talk::contacts_of(std::string_view account_id) const {
  std::vector<const contact*> out;
  const auto prefix = joined(account_id, {});
  for (const auto& [key, one] : contacts_)
    if (key.starts_with(prefix))
      out.push_back(&one);
  return out;
}

comment* talk::find_comment(std::string_view id) {
  const auto at = comments_.find(std::string{id});
  return at == comments_.end() ? nullptr : &at->second;
}

void talk::add_comment(comment what) {
  comment_order_.push_back(what.id);
  auto id = what.id;
  comments_.insert_or_assign(std::move(id), std::move(what));
  if (comment_order_.size() > most_comments) {
    comments_.erase(comment_order_.front());
    comment_order_.pop_front();
  }
}

void talk::remove_comment(std::string id) {
  comments_.erase(id);
  std::erase(comment_order_, id);
}

std::vector<const comment*>
talk::comments_under(std::string_view parent) const {
  std::vector<const comment*> out;
  for (const auto& id : comment_order_) {
    const auto& one = comments_.at(id);
    if (one.parent == parent || (one.parent.empty() && one.post_id == parent))
      out.push_back(&one);
  }
  return out;
}

void talk::clear() {
  threads_.clear();
  contacts_.clear();
  comments_.clear();
  comment_order_.clear();
  ++revision_;
}

} // namespace assistly::sandbox
