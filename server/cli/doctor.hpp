// beckon doctor: is everything as it should be on this machine?
#pragma once

#include <iosfwd>

#include "cli/data_source.hpp"

namespace beckon::cli {

struct DoctorOptions {
  DataSource source;
};

// Looks at the configuration, the rules of every site, the database, the disk, the address and the limits of the
// process. One line a finding on `out`: "ok", "note" or "bad", what, and why. 0 when nothing is bad, else 1. Changes
// nothing.
[[nodiscard]] int run_doctor(const DoctorOptions& options, std::ostream& out);

}  // namespace beckon::cli
