// beckon visitors: what is known of a person, for them to have or to be rid of.
#pragma once

#include <iosfwd>
#include <string>

#include "cli/data_source.hpp"

namespace beckon::cli {

struct VisitorOptions {
  DataSource source;
  std::string site;  // empty: the only one
  std::string id;    // of the visitor
};

// Everything that is known of the visitor, as one JSON object. Works while a server runs. 0, or 1 with one line on
// `err`.
[[nodiscard]] int run_visitor_export(const VisitorOptions& options, std::ostream& out, std::ostream& err);

// Erases the visitor, so that nothing is left in any file. While a server runs on the data, it does it. 0, or 1 with
// one line.
[[nodiscard]] int run_visitor_erase(const VisitorOptions& options, std::ostream& out, std::ostream& err);

}  // namespace beckon::cli
