// Decisions as short texts, for tests: "45000 v 0 cart-help fire".
#pragma once

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "beckon/rules/replay.hpp"

namespace beckon::test {

class Texts final : public rules::ReplayListener {
 public:
  void decided(std::string_view visitor, const rules::Decision& decision, const rules::RuleSet& set) override {
    texts.push_back(std::to_string(rules::to_ms(decision.t)) + " " + std::string(visitor) + " " + decision.tab + " " +
                    set.rules()[decision.rule].id + " " + std::string(name_of(decision.verdict)));
  }
  std::vector<std::string> texts;
};

inline std::shared_ptr<const rules::RuleSet> compiled(const std::string& text) {
  rules::CheckResult checked = rules::check(text);
  for (const rules::Diagnostic& diagnostic : checked.diagnostics) {
    if (diagnostic.severity == rules::Severity::kError) FAIL(rules::render(diagnostic, "rules.json", text));
  }
  return rules::RuleSet::compile(std::move(*checked.file), {"site"});
}

// What these rules decide on these journal lines, up to the end of the last visit.
inline std::vector<std::string> decide(const std::string& rules_text, const std::vector<std::string>& lines) {
  Texts listener;
  rules::ReplayOptions options;
  options.site = "site";
  options.rules_from = rules::ReplayOptions::RulesFrom::kJournal;
  rules::Replay replay(compiled(rules_text), listener, options);
  for (const std::string& line : lines) {
    const auto error = replay.line(line);
    if (error) FAIL(line << "\ncolumn " << error->offset << ": " << error->message);
  }
  replay.finish();
  return listener.texts;
}

}  // namespace beckon::test
