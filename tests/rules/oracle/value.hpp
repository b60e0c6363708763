// Values and the tests on them: rules.md, section 2, TEST.
// Thread safety: free functions, may be called from any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "beckon/json/reader.hpp"

namespace re2 {
class RE2;
}

namespace beckon::oracle {

// Durations are numbers of milliseconds.
using Value = std::variant<bool, double, std::string>;

// "1h30m" in milliseconds. The text is known to be a duration.
std::int64_t milliseconds(std::string_view text);

// A JSON scalar; null, arrays and objects are no value.
std::optional<Value> scalar(const json::Value& value);

// The whole of `text` matches: `*` any run without '/', `**` any run, `?` one character but '/', a final "/**" also
// nothing.
bool glob(std::string_view pattern, std::string_view text);

enum class Unit { kPlain, kDuration };  // how strings in a test are read

struct Operator {
  std::string name;  // "eq", "between"…
  std::vector<Value> operands;
  std::shared_ptr<re2::RE2> regex;
};
// All of the operators must hold. None at all is a test that always passes.
using Test = std::vector<Operator>;

Test parse_test(const json::Value& value, Unit unit);
bool passes(const Test& test, std::optional<Value> subject);
// The same text for the same test.
std::string describe(const Test& test);

}  // namespace beckon::oracle
