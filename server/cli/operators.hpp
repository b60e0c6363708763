// beckon operators: who may answer visitors. Works while a server runs, which then carries it out, and while none does.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "cli/data_source.hpp"

namespace beckon::cli {

struct OperatorOptions {
  DataSource source;
  std::string login;
  std::string password_file;  // empty: asked for on the terminal
  // Of add.
  std::string name;           // empty: the login
  std::string role = "operator";
  int capacity = 4;
  std::vector<std::string> skills, groups, sites;
};

// Each: 0, or 1 with one line on `err`.
[[nodiscard]] int run_operators_list(const OperatorOptions& options, std::ostream& out, std::ostream& err);
[[nodiscard]] int run_operators_add(const OperatorOptions& options, std::ostream& out, std::ostream& err);
// A new password; the operator is signed out everywhere.
[[nodiscard]] int run_operators_password(const OperatorOptions& options, std::ostream& out, std::ostream& err);
// Signed out everywhere, and kept out until enabled.
[[nodiscard]] int run_operators_disable(const OperatorOptions& options, std::ostream& out, std::ostream& err);
[[nodiscard]] int run_operators_enable(const OperatorOptions& options, std::ostream& out, std::ostream& err);

}  // namespace beckon::cli
