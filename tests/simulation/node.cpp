#include "tests/simulation/node.hpp"

#include "storage/ledger_mark.hpp"
#include "storage/tenants.hpp"
#include "tests/simulation/tenants.hpp"

#include <stdexcept>
#include <string>
#include <unistd.h>

namespace assistly::simulation {

namespace fs = std::filesystem;

namespace {

storage::database_options files_in(const fs::path& folder) {
  storage::database_options options;
  options.file = folder / "assistly.db";
  options.keys_file = folder / "keys";
  return options;
}

/// In memory if the machine has a place for that: what a crash keeps is decided
/// by the fragile disk, not by the machine's own.
fs::path room_for_files() {
  fs::path memory{"/dev/shm"};
  auto parent =
    ::access(memory.c_str(), W_OK) == 0 ? memory : fs::temp_directory_path();
  auto pattern = (parent / "assistly-simulation-XXXXXX").string();
  if (!::mkdtemp(pattern.data()))
    throw std::runtime_error{"no temporary folder"};
  return pattern;
}

} // namespace

seed_bed::seed_bed() : root_(room_for_files()) {
  stage s{{}, disk};
  fs::create_directory(root_ / "made");
  node first{s, root_ / "made"};
  if (!first.open())
    throw std::runtime_error{"the first database was not made"};
  auto applied = first.writer->run([&](storage::work& w) {
    for (const auto& tenant : business_plans())
      storage::apply_tenant(w, first.root(), tenant);
  });
  if (!applied)
    throw std::runtime_error{applied.error().text};
}

seed_bed::~seed_bed() {
  std::error_code ignored;
  fs::remove_all(root_, ignored);
}

fs::path seed_bed::prepare() {
  auto folder = root_ / "run";
  fs::remove_all(folder);
  fs::copy(root_ / "made", folder);
  disk.mend();
  return folder;
}

bool node::open() {
  auto opened = storage::database::open(files_in(folder_), stage_->luck);
  if (!opened) {
    if (stage_->dead())
      return false;
    throw std::runtime_error{opened.error().text};
  }
  database = std::move(*opened);
  storage::writer_options options;
  options.own_thread = false;
  options.acknowledge_before_commit =
    stage_->order.off == defect::acknowledge_before_commit;
  writer = std::make_unique<storage::writer>(*database, stage_->clock,
                                             stage_->luck, options);
  reader_.emplace(database->open_session(true));
  auto found = storage::open_ledger(*database, folder_ / "ledger");
  if (!found)
    throw std::runtime_error{found.error().text};
  book.emplace(std::move(*found));
  return true;
}

void node::close() {
  armed_ = false;
  book.reset();
  reader_.reset();
  writer.reset();
  database.reset();
}

void node::must_live() const {
  if (stage_->dead())
    throw sql::failure{errc::storage_failed, "the process has ended"};
}

void node::submit(std::unique_ptr<storage::unit> u) {
  if (stage_->dead())
    return;
  writer->submit(std::move(u));
  arm_writer();
}

void node::empty_log() {
  writer->empty_log([](const outcome<void>&) {
    // What a reader holds goes with the next one.
  });
  arm_writer();
}

/// The writer is at work for a moment, and what is queued meanwhile shares its
/// next commit.
void node::arm_writer() {
  if (armed_)
    return;
  armed_ = true;
  stage_->inside.at(stage_->now
                      + stage_->luck.between(milliseconds{0}, milliseconds{8}),
                    [this] {
                      armed_ = false;
                      writer->run_queued();
                      if (!stage_->dead() && writer->depth() > 0)
                        arm_writer();
                    });
}

} // namespace assistly::simulation
