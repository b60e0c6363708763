// Visitors between their visits, kept in a temporary file, so that a replay's memory is bounded by the visitors who are there at
// once and sixteen bytes for each of the others.
#pragma once

#include <memory>

#include "beckon/rules/replay.hpp"

namespace beckon::cli {

// The file has no name and is gone with the shelf. Where none can be made, records stay in memory.
[[nodiscard]] std::unique_ptr<rules::VisitorShelf> make_file_shelf();

}  // namespace beckon::cli
