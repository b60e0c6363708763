#include "check_report.hpp"

#include <algorithm>

#include "beckon/rules/limits.hpp"

namespace beckon::rules {

Diagnostic& Report::error(std::string_view code, SourceRange where, std::string message, std::string hint) {
  ++errors_;
  return diagnostics_.emplace_back(
      Diagnostic{Severity::kError, std::string(code), where, std::move(message), std::move(hint), {}});
}

Diagnostic& Report::warning(std::string_view code, SourceRange where, std::string message, std::string hint) {
  return diagnostics_.emplace_back(
      Diagnostic{Severity::kWarning, std::string(code), where, std::move(message), std::move(hint), {}});
}

void Report::add(Diagnostic diagnostic) {
  errors_ += diagnostic.severity == Severity::kError ? 1 : 0;
  diagnostics_.push_back(std::move(diagnostic));
}

SourceRange Report::key_range(const json::Value& member) const {
  const std::size_t begin = member.name_offset();
  std::size_t end = begin + 1;
  while (end < text_.size() && text_[end] != '"') end += text_[end] == '\\' ? 2 : 1;
  return {begin, std::min(end + 1, text_.size())};
}

std::vector<Diagnostic> Report::take() {
  std::stable_sort(diagnostics_.begin(), diagnostics_.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return a.where.begin != b.where.begin ? a.where.begin < b.where.begin : a.where.end > b.where.end;
  });
  if (diagnostics_.size() > kMaxDiagnostics) {
    const std::size_t more = diagnostics_.size() - kMaxDiagnostics;
    Diagnostic rest = diagnostics_[kMaxDiagnostics];
    diagnostics_.resize(kMaxDiagnostics);
    diagnostics_.push_back({rest.severity,
                            "more",
                            rest.where,
                            "and " + std::to_string(more) +
                                (rest.severity == Severity::kError ? " more errors" : " more warnings") +
                                " from here on",
                            {},
                            {}});
  }
  return std::move(diagnostics_);
}

}  // namespace beckon::rules
