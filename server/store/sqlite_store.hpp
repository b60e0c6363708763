// The store in one SQLite file, DIR/beckon.db.
//
// One connection does all writes and all checkpoints, on one thread, with group commit (WAL, synchronous=FULL): two
// writing connections can corrupt a WAL database of SQLite 3.40.1. Reads go to a read-only connection on a second
// thread.
// A lock on DIR/beckon.lock keeps a second server, and commands that write, off the same data. A command that has to
// erase a visitor meanwhile asks the server to (erase_request.hpp): nothing more is then kept of that visitor by this
// process, whatever its shard still knows.
#pragma once

#include <filesystem>
#include <memory>

#include "base/log.hpp"
#include "base/result.hpp"
#include "store/erase_request.hpp"
#include "store/limits.hpp"
#include "store/store.hpp"

namespace beckon::store {

struct SqliteOptions {
  std::filesystem::path dir;                // made when it is not there
  base::Log* log = nullptr;                 // must outlive the store; nullptr: silent
  // Who carries out what another process asks to erase, and answers once: whoever has the visitor in memory must forget it
  // before it calls erase(). Called on a thread of its own. Empty: the store erases by itself.
  EraseWatch::Erase erase_through = {};
  // Bounds, smaller in tests.
  std::size_t max_pending_bytes = kMaxPendingBytes;
  std::size_t max_pending_visitors = kMaxPendingVisitors;
  std::size_t max_pending_durable = kMaxPendingDurable;
  std::chrono::milliseconds commit_every = kCommitEvery;
  std::chrono::milliseconds idle_before_truncate = kIdleBeforeTruncate;
};

// Opens or makes the database, brings its tables up to date, starts the two threads. Blocks; for start-up.
// Errors, each one clear line: kConflict (another process has the lock), kUnavailable (not writable, no space),
// kCorrupt (no database or damaged), kTooNew (written by a later version).
[[nodiscard]] base::Result<std::unique_ptr<Store>> open_sqlite_store(const SqliteOptions& options);

}  // namespace beckon::store
