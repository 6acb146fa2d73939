/// The storage of one node on one thread: the very code of production, over
/// real files in memory.
#pragma once

#include "storage/database.hpp"
#include "storage/directory.hpp"
#include "storage/ledger.hpp"
#include "storage/writer.hpp"
#include "tests/simulation/stage.hpp"

#include <filesystem>
#include <memory>
#include <optional>

namespace assistly::simulation {

/// A folder with a freshly made database that all runs of a process begin from.
class seed_bed {
public:
  seed_bed();
  ~seed_bed();
  seed_bed(const seed_bed&) = delete;
  seed_bed& operator=(const seed_bed&) = delete;

  /// Puts the database of a new run in place; returns its folder.
  std::filesystem::path prepare();

  fragile_disk disk;

private:
  std::filesystem::path root_;
};

class node {
public:
  node(stage& s, std::filesystem::path folder)
    : stage_(&s), folder_(std::move(folder)) {}

  ~node() {
    close();
  }

  node(const node&) = delete;
  node& operator=(const node&) = delete;

  /// As a start does. False if the disk was cut on the way.
  bool open();
  /// Everything in memory goes; what the disk has stays.
  void close();

  /// Queues a unit that ends in the way of `writer::submit_for`. Neither half
  /// runs once the process is dead.
  template <class Apply, class Done>
  void submit(crash_point point, Apply apply, Done done) {
    if (stage_->dead())
      return;
    writer->submit_for(
      [this, point, apply = std::move(apply)](storage::work& w) mutable {
        must_live();
        stage_->endanger(point);
        return apply(w);
      },
      [this, done = std::move(done)](auto result) mutable {
        if (!stage_->dead())
          done(std::move(result));
      });
    arm_writer();
  }

  void submit(std::unique_ptr<storage::unit> u);

  /// Empties the log; nobody waits for it.
  void empty_log();

  /// Throws `sql::failure` if the process is dead.
  void must_live() const;

  /// By a connection of its own, as a reader does.
  storage::session& reading() {
    return *reader_;
  }

  const crypto::root_key& root() const {
    return database->root();
  }

  std::unique_ptr<storage::database> database;
  std::unique_ptr<storage::writer> writer;
  std::optional<storage::ledger> book;

private:
  void arm_writer();

  stage* stage_;
  std::filesystem::path folder_;
  std::optional<storage::session> reader_;
  bool armed_ = false;
};

} // namespace assistly::simulation
