// beckon backup: a consistent copy of the database while the server runs.
#pragma once

#include <iosfwd>
#include <string>

#include "cli/data_source.hpp"

namespace beckon::cli {

struct BackupOptions {
  DataSource source;
  std::string file;  // must not exist
};

// The copy is a whole data directory's database: put it as beckon.db into an empty directory and start a server there.
// It appears under its name when it is whole. 0, or 1 with one line on `err`.
[[nodiscard]] int run_backup(const BackupOptions& options, std::ostream& out, std::ostream& err);

}  // namespace beckon::cli
