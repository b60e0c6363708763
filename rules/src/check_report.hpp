// Where the parts of the checker write what they find.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "beckon/json/reader.hpp"
#include "beckon/rules/diagnostic.hpp"
#include "beckon/rules/limits.hpp"

namespace beckon::rules {

// Thread safety: none; one check uses one.
class Report {
 public:
  // `text` is the file's and must outlive the report.
  explicit Report(std::string_view text) : text_(text) {}

  // The returned diagnostic is for adding notes to, at once: the next call may move it.
  Diagnostic& error(std::string_view code, SourceRange where, std::string message, std::string hint = {});
  Diagnostic& warning(std::string_view code, SourceRange where, std::string message, std::string hint = {});

  // Adds a finished one.
  void add(Diagnostic diagnostic);

  [[nodiscard]] bool has_errors() const { return errors_ > 0; }
  // How many errors so far: for knowing whether a part of the file was in order.
  [[nodiscard]] std::size_t errors() const { return errors_; }

  // No more will be shown: a hint that takes long to find is not worth it.
  [[nodiscard]] bool is_full() const { return errors_ >= kMaxDiagnostics; }

  // A member's name with its quotes.
  [[nodiscard]] SourceRange key_range(const json::Value& member) const;

  // All diagnostics by place; beyond kMaxDiagnostics one that says how many more there are.
  [[nodiscard]] std::vector<Diagnostic> take();

 private:
  std::string_view text_;
  std::vector<Diagnostic> diagnostics_;
  std::size_t errors_ = 0;
};

[[nodiscard]] inline SourceRange range_of(const json::Value& value) {
  return {value.begin_offset(), value.end_offset()};
}
// From a member's name to the end of its value.
[[nodiscard]] inline SourceRange member_range(const json::Value& member) {
  return {member.name_offset(), member.end_offset()};
}
// The bracket that a value opens with: for what is missing in it.
[[nodiscard]] inline SourceRange opening_of(const json::Value& value) {
  return {value.begin_offset(), value.begin_offset() + 1};
}

}  // namespace beckon::rules
