// Rule files: every diagnostic is inside the text and can be shown, and what is accepted compiles.
#include "beckon/json/utf8.hpp"
#include "beckon/rules/diagnostic.hpp"
#include "beckon/rules/rule_file.hpp"
#include "beckon/rules/rule_set.hpp"
#include "property.hpp"

namespace beckon::fuzz {
namespace {

void check_range(const rules::SourceRange& where, std::string_view text) {
  require(where.begin <= where.end && where.end <= text.size(), "a diagnostic is inside the text");
}

void check(std::string_view text) {
  rules::CheckResult checked = rules::check(text);
  require(checked.file.has_value() != rules::has_errors(checked.diagnostics), "a file is accepted, or has errors");
  for (const rules::Diagnostic& diagnostic : checked.diagnostics) {
    require(!diagnostic.message.empty() && !diagnostic.code.empty(), "a diagnostic says something");
    check_range(diagnostic.where, text);
    for (const rules::Note& note : diagnostic.notes) check_range(note.where, text);
    require(!json::find_bad_byte(rules::render(diagnostic, "rules.json", text)), "a diagnostic can be printed");
  }
  if (checked.file) require(rules::RuleSet::compile(std::move(*checked.file)) != nullptr, "what is accepted compiles");
}

}  // namespace
}  // namespace beckon::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  beckon::fuzz::check(beckon::fuzz::text_of(data, size));
  return 0;
}
