// A rule file compiled for evaluation: immutable, shared by every visitor of a site.
//
//   CheckResult checked = check(text);
//   if (!checked.file) …;
//   std::shared_ptr<const RuleSet> rules = RuleSet::compile(std::move(*checked.file), {.site = "shop"});
//
// Thread safety: immutable once compiled, but for caches that are guarded by the Engine that uses it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "beckon/rules/decision.hpp"
#include "beckon/rules/rule_file.hpp"
#include "beckon/rules/url.hpp"

namespace beckon::rules {

struct CompileOptions {
  std::string site;  // the salt of holdout hashes where the file names none
};

namespace detail {
struct Program;
}

class RuleSet {
 public:
  // Never fails: what cannot be compiled was refused by check().
  [[nodiscard]] static std::shared_ptr<const RuleSet> compile(RuleFile file, CompileOptions options = {});
  ~RuleSet();

  // In file order: a Decision's `rule` is an index here.
  [[nodiscard]] const std::vector<Rule>& rules() const { return file_.rules; }
  [[nodiscard]] const RuleFile& file() const { return file_; }
  [[nodiscard]] std::optional<std::uint32_t> find(std::string_view id) const;
  // The query parameters that survive the filter of addresses, beside utm_*.
  [[nodiscard]] const QueryNames& query_names() const { return query_names_; }
  [[nodiscard]] const std::string& salt() const { return salt_; }
  // For the engine.
  [[nodiscard]] const detail::Program& program() const { return *program_; }

 private:
  RuleSet(RuleFile file, CompileOptions options);
  RuleFile file_;
  std::string salt_;
  QueryNames query_names_;
  std::unordered_map<std::string, std::uint32_t> by_id_;
  std::unique_ptr<detail::Program> program_;
};

// The reason of a decision in words: "1 of 1 in this visit"; empty for fire without a reason.
[[nodiscard]] std::string to_words(const Why& why, const RuleSet& rules);

// The share hash of rules.md, section 5: in [0, 1), the same everywhere. `variant` selects the variants' hash.
enum class ShareOf : std::uint8_t { kHoldout, kVariant };
[[nodiscard]] double share(std::string_view salt, std::string_view rule_id, std::string_view visitor_id, ShareOf what);

}  // namespace beckon::rules
