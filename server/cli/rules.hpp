// The `rules` commands: check, test, replay, explain, schema. docs/rules.md describes them.
#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "cli/rules_input.hpp"

namespace beckon::cli {

// Exit codes of all of them: 0 clean, 1 findings, failures or unreadable input, 2 wrong usage.

struct RulesCheckOptions {
  std::vector<std::string> files;
  Format format = Format::kText;
};
[[nodiscard]] int run_rules_check(const RulesCheckOptions& options, std::ostream& out, std::ostream& err);

struct RulesTestOptions {
  std::vector<std::string> files;  // *.test.json
  Format format = Format::kText;
  std::string only;                // run tests whose name holds this
};
[[nodiscard]] int run_rules_test(const RulesTestOptions& options, std::ostream& out, std::ostream& err);

enum class RulesFrom { kFile, kJournal };

struct RulesReplayOptions {
  std::string rules, events, decisions, against, config, site;
  RulesFrom rules_from = RulesFrom::kFile;
  Format format = Format::kText;
};
[[nodiscard]] int run_rules_replay(const RulesReplayOptions& options, std::ostream& out, std::ostream& err);

struct RulesExplainOptions {
  std::string rules, events, visitor, rule, at, tab, config, site;
  RulesFrom rules_from = RulesFrom::kFile;
  Format format = Format::kText;
};
[[nodiscard]] int run_rules_explain(const RulesExplainOptions& options, std::ostream& out, std::ostream& err);

}  // namespace beckon::cli
