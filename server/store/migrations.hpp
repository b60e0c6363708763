// The database's tables, version by version. sql/NNNN_*.sql are built into the program; version N is what the first N
// files make.
// A file that was released is never changed: what comes later is a further file.
//
// Thread safety: none; start-up only.
#pragma once

#include <span>

#include "base/result.hpp"
#include "store/sqlite.hpp"

namespace beckon::store {

struct Migration {
  int version = 0;
  const char* name = "";  // of the file
  const char* sql = "";
};

// In order, from version 1 without a gap.
[[nodiscard]] std::span<const Migration> migrations();
[[nodiscard]] int latest_version();

// Brings a database up to `version`, each step in a transaction of its own. kTooNew when it is beyond the latest,
// kCorrupt when it is a database of something else.
[[nodiscard]] base::Status migrate(Database& db, int version = latest_version());

// Whether a reader can read it: an error unless the database is at the latest version.
[[nodiscard]] base::Status check_version(Database& db);

}  // namespace beckon::store
