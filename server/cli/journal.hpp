// beckon journal export: the lines as they were recorded, for replay and for analysis elsewhere.
#pragma once

#include <iosfwd>
#include <string>

#include "cli/data_source.hpp"

namespace beckon::cli {

struct JournalExportOptions {
  DataSource source;
  std::string site;          // empty: the only one
  std::string since, until;  // UTC; empty: everything
  std::string output;        // a file, gzip when it ends in .gz; empty: standard output
};

// Writes the lines in order of t, shard, seq, in pages: memory does not grow with the journal. A file appears under its
// name when it is whole. 0, or 1 with one line on `err`. Works while a server runs.
[[nodiscard]] int run_journal_export(const JournalExportOptions& options, std::ostream& out, std::ostream& err);

}  // namespace beckon::cli
