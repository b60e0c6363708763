// From the text of a rule file to rules in force, or to what an admin should read.
//
// Thread safety: free functions; any thread.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "core/site.hpp"

namespace beckon::app {

// Rules that were refused, or taken with doubts.
struct RuleReport {
  std::string first;     // the first finding in one line: "rules.json:3:9: error: unknown fact …"
  std::string rendered;  // all of them, with lines and carets; empty when there are none
};

struct CompiledRules {
  std::shared_ptr<const core::SiteRules> rules;  // nullptr when the report holds errors
  RuleReport report;
};

// `name`: how the file is called in what is reported.
[[nodiscard]] CompiledRules compile_rules(const base::SiteId& site, std::string text, const std::string& name);

// The same for a file on disk; a file that cannot be read is one finding.
[[nodiscard]] CompiledRules load_rules(const base::SiteId& site, const std::filesystem::path& file);

// A regular file of at most `max_bytes`, as text. Errors: one clear line that begins with the file's name.
[[nodiscard]] base::Result<std::string> read_text_file(const std::filesystem::path& file, std::size_t max_bytes);

}  // namespace beckon::app
