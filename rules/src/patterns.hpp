// The tests on one string fact that are more than equality: prefixes, globs, regular expressions… Given a text, which of them
// hold? Those with a literal beginning are found by one hash probe per distinct length of such beginnings; the rest are one
// RE2::Set. Patterns are numbered across a whole program.
//
// Thread safety: immutable after freeze(); find() may be called from any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "beckon/rules/condition.hpp"
#include "string_table.hpp"

namespace re2 {
class RE2;
}

namespace beckon::rules::detail {

// `text` matches the whole of `glob`: rules.md, section 2. Time is bounded by the product of the lengths.
[[nodiscard]] bool glob_matches(std::string_view glob, std::string_view text);

// One comparison of a string, ready to be made again and again. Only operators that strings have.
class StringComparison {
 public:
  explicit StringComparison(const Comparison& comparison);
  ~StringComparison();
  StringComparison(StringComparison&&) noexcept;
  [[nodiscard]] bool holds(std::string_view text) const;
  // What every matching text begins with; empty when that is not known.
  [[nodiscard]] std::string_view beginning() const { return beginning_; }
  [[nodiscard]] Operator op() const { return op_; }
  [[nodiscard]] const std::string& operand() const { return operands_.front(); }

 private:
  Operator op_;
  std::vector<std::string> operands_;
  std::string beginning_;
  std::unique_ptr<re2::RE2> regex_;
};

class PatternSet {
 public:
  PatternSet();
  ~PatternSet();
  PatternSet(PatternSet&&) noexcept;
  PatternSet& operator=(PatternSet&&) noexcept;

  void add(std::uint32_t number, const Comparison& comparison);
  void freeze();
  // Appends the numbers of the patterns that hold for `text`, ascending.
  void find(std::string_view text, std::vector<std::uint32_t>& found) const;
  // Matching takes long enough that a caller should remember what was found for a text.
  [[nodiscard]] bool costly() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace beckon::rules::detail
