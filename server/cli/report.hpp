// beckon report: what became of each rule's offers.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>

#include "cli/data_source.hpp"

namespace beckon::cli {

enum class ReportFormat { kTable, kJson };

struct ReportOptions {
  DataSource source;
  std::string site;            // empty: every site
  std::string since, until;    // UTC; empty: everything
  ReportFormat format = ReportFormat::kTable;
};

// 0, or 1 with one line on `err`. Works while a server runs.
[[nodiscard]] int run_report(const ReportOptions& options, std::ostream& out, std::ostream& err);

// A share and where it lies with 95 % confidence: the Wilson score interval (E. B. Wilson, 1927), which stays within 0
// and 1 and holds for small counts too. `of` may not be 0.
struct Share {
  double rate = 0, low = 0, high = 0;
};
[[nodiscard]] Share wilson_share(std::uint64_t part, std::uint64_t of);

}  // namespace beckon::cli
