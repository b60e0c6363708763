// Files that nobody means well: always an answer, never a crash, nothing that takes long for its size.
#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "beckon/rules/limits.hpp"
#include "beckon/rules/rule_file.hpp"

namespace beckon::rules {
namespace {

namespace fs = std::filesystem;

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string good_file() {
  return read_file(fs::path(BECKON_SOURCE_DIR) / "tests/rules/diagnostics/good/every_form.json");
}

// Every answer is either a file or errors with places inside the text, and can be printed.
void check_answer(const std::string& text) {
  const CheckResult result = check(text);
  REQUIRE(result.file.has_value() != has_errors(result.diagnostics));
  for (const Diagnostic& diagnostic : result.diagnostics) {
    REQUIRE_FALSE(diagnostic.code.empty());
    REQUIRE_FALSE(diagnostic.message.empty());
    REQUIRE(diagnostic.where.begin <= diagnostic.where.end);
    REQUIRE(diagnostic.where.end <= text.size());
    REQUIRE_FALSE(render(diagnostic, "f", text, Color::kAnsi).empty());
  }
}

std::string rules(std::size_t count, const std::string& when = R"({"page.path": "/"})") {
  std::string text = "{\"rules\": [";
  for (std::size_t i = 0; i < count; ++i) {
    text += (i ? "," : "") + std::string("{\"id\":\"r") + std::to_string(i) + "\",\"when\":" + when +
            ",\"then\":{\"tag\":\"x\"}}";
  }
  return text + "]}";
}

bool has_code(const CheckResult& result, std::string_view code) {
  for (const Diagnostic& diagnostic : result.diagnostics) {
    if (diagnostic.code == code) return true;
  }
  return false;
}

TEST_CASE("A file cut at any byte is refused with one error of syntax") {
  const std::string text = good_file();
  const std::size_t end = text.rfind('}');
  for (std::size_t size = 0; size <= end; ++size) {
    const CheckResult result = check(std::string_view(text).substr(0, size));
    INFO(size);
    REQUIRE_FALSE(result.file);
    REQUIRE(result.diagnostics.size() == 1);
    REQUIRE(result.diagnostics[0].code == "syntax");
    REQUIRE(result.diagnostics[0].where.begin <= size);
  }
}

TEST_CASE("A file with any byte replaced gets an answer") {
  const std::string text = good_file();
  std::mt19937 random(1);
  const std::string_view kBytes = "\"{}[]:,0-9aeE.\\/\n\0 \xff\xc3";
  for (int i = 0; i < 4000; ++i) {
    std::string mutant = text;
    for (int n = 0; n <= i % 3; ++n) mutant[random() % mutant.size()] = kBytes[random() % kBytes.size()];
    check_answer(mutant);
  }
}

// Each scalar of a good file in turn as something else: every reader meets every type.
TEST_CASE("Values of another type get an answer, whatever they stand for") {
  const std::string text = good_file();
  for (const std::string_view other :
       {"null", "true", "-1", "1e300", "\"\"", "\"x\"", "[]", "{}", "[[]]", "{\"a\": {}}", "\"\\u0000\""}) {
    for (std::size_t at = text.find(": "); at != std::string::npos; at = text.find(": ", at + 1)) {
      std::size_t end = at + 2;
      if (text[end] == '"') {
        end = text.find('"', end + 1) + 1;
      } else {
        while (end < text.size() && std::string_view(",}] \n").find(text[end]) == std::string_view::npos) ++end;
      }
      if (text[at + 2] == '{' || text[at + 2] == '[') continue;
      check_answer(text.substr(0, at + 2) + std::string(other) + text.substr(end));
    }
  }
}

TEST_CASE("10,000 rules are taken, one more is refused by name") {
  const CheckResult most = check(rules(kMaxRules));
  REQUIRE(most.file);
  CHECK(most.file->rules.size() == kMaxRules);
  const CheckResult more = check(rules(kMaxRules + 1));
  CHECK_FALSE(more.file);
  REQUIRE(more.diagnostics.size() == 1);
  CHECK(more.diagnostics[0].code == "too-many");
  CHECK(more.diagnostics[0].message == "a file holds at most 10000 rules, this one has 10001");
}

TEST_CASE("A file of 4 MiB is read, one byte more is refused by name") {
  std::string text = "{\"rules\": []}";
  text.resize(kMaxRuleFileBytes, ' ');
  CHECK(check(text).file);
  text += ' ';
  const CheckResult result = check(text);
  CHECK_FALSE(result.file);
  CHECK(has_code(result, "too-large"));
}

TEST_CASE("1,000 segments are taken, one more is refused by name") {
  const auto file = [](std::size_t count) {
    std::string text = "{\"segments\": {";
    for (std::size_t i = 0; i < count; ++i) {
      text += (i ? "," : "") + std::string("\"s") + std::to_string(i) + "\":{\"page.path\":\"/\"}";
    }
    return text + "}, \"rules\": []}";
  };
  CHECK(check(file(kMaxSegments)).file);
  CHECK(has_code(check(file(kMaxSegments + 1)), "too-many"));
}

TEST_CASE("Nesting: 64 levels are refused, 32 conditions through segments are taken") {
  std::string deep = R"({"page.path": "/"})";
  for (int i = 0; i < 64; ++i) deep = "{\"all\":[" + deep + "]}";
  const CheckResult refused = check(rules(1, deep));
  REQUIRE(refused.diagnostics.size() == 1);
  CHECK(refused.diagnostics[0].code == "syntax");

  const auto chain = [](std::size_t segments) {
    std::string text = R"({"segments": {"s0": {"page.path": "/"})";
    for (std::size_t i = 1; i < segments; ++i) {
      text += ",\"s" + std::to_string(i) + "\": {\"segment\": \"s" + std::to_string(i - 1) + "\"}";
    }
    return text + "}, \"rules\": [{\"id\": \"a\", \"when\": {\"segment\": \"s" + std::to_string(segments - 1) +
           "\"}, \"then\": {\"tag\": \"x\"}}]}";
  };
  CHECK(check(chain(kMaxConditionDepth - 1)).file);
  CHECK(has_code(check(chain(kMaxConditionDepth)), "too-deep"));
}

TEST_CASE("1,000 parts of a condition are taken, more are refused by name") {
  const auto condition = [](std::size_t facts) {
    std::string text = "{\"any\": [";
    for (std::size_t i = 0; i < facts; ++i) {
      text += (i ? "," : "") + std::string("{\"visitor.attr.a") + std::to_string(i) + "\": 1}";
    }
    return text + "]}";
  };
  CHECK(check(rules(1, condition(kMaxConditionNodes - 1))).file);
  CHECK(has_code(check(rules(1, condition(kMaxConditionNodes))), "too-many"));
}

TEST_CASE("30,000 values of one fact are taken, more are refused by name") {
  const auto condition = [](std::size_t values) {
    std::string text = "{\"visitor.attr.voucher\": [";
    for (std::size_t i = 0; i < values; ++i) text += (i ? ",\"" : "\"") + std::to_string(i) + '"';
    return text + "]}";
  };
  CHECK(check(rules(1, condition(kMaxValuesOfFact))).file);
  CHECK(has_code(check(rules(1, condition(kMaxValuesOfFact + 1))), "too-many"));
}

TEST_CASE("A thousand segments in a circle are one error") {
  std::string text = "{\"segments\": {";
  for (int i = 0; i < 1000; ++i) {
    text += (i ? "," : "") + std::string("\"s") + std::to_string(i) + "\":{\"segment\":\"s" +
            std::to_string((i + 1) % 1000) + "\"}";
  }
  const CheckResult result = check(text + "}, \"rules\": []}");
  CHECK_FALSE(result.file);
  CHECK(has_code(result, "segment-cycle"));
}

TEST_CASE("Segments that double at each step stay within bounds") {
  std::string text = R"({"segments": {"s0": {"page.path": "/"})";
  for (int i = 1; i < 30; ++i) {
    const std::string below = "{\"segment\": \"s" + std::to_string(i - 1) + "\"}";
    text += ",\"s" + std::to_string(i) + "\": {\"any\": [" + below + "," + below + "]}";
  }
  const CheckResult result =
      check(text + R"(}, "rules": [{"id": "a", "when": {"segment": "s29"}, "then": {"tag": "x"}}]})");
  CHECK_FALSE(result.file);
  CHECK(has_code(result, "too-many"));
}

TEST_CASE("More than 200 diagnostics end in how many more there are") {
  const CheckResult result = check(rules(kMaxRules, R"({"page.pth": "/"})"));
  REQUIRE(result.diagnostics.size() == kMaxDiagnostics + 1);
  CHECK(result.diagnostics.back().code == "more");
  CHECK(result.diagnostics.back().message == "and 9800 more errors from here on");
}

TEST_CASE("Ten thousand misspelt names among a thousand do not each search for what was meant") {
  std::string text = R"({"segments":{)";
  for (int i = 0; i < 1000; ++i) text += (i ? "," : "") + ("\"segment-of-visitors-" + std::to_string(i)) + R"(":{"page.path":"/"})";
  text += R"(},"rules":[)";
  for (int i = 0; i < 10'000; ++i) {
    text += (i ? "," : "") + (R"({"id":"r)" + std::to_string(i)) + R"(","then":{"tag":"x"},"when":{"segment":"segmnt-of-visitors-)" +
            std::to_string(i % 1000) + R"("}})";
  }
  const CheckResult result = check(text + "]}");
  REQUIRE(result.diagnostics.size() == kMaxDiagnostics + 1);
  CHECK(result.diagnostics.front().hint == R"(did you mean "segment-of-visitors-0"?)");
  CHECK(result.diagnostics[kMaxDiagnostics - 1].hint == R"(did you mean "segment-of-visitors-199"?)");
}

TEST_CASE("Ten thousand rules that nearly imply one another are checked without proving each pair") {
  std::string text = "{\"rules\": [";
  for (std::size_t i = 0; i < kMaxRules; ++i) {
    text += (i ? "," : "") + std::string("{\"id\":\"r") + std::to_string(i) +
            "\",\"limit\":\"none\",\"when\":{\"any\":[{\"cart.value\":{\"gt\":" + std::to_string(i) +
            "}},{\"page.scroll\":{\"gt\":50}}],\"cart.items\":{\"lt\":" + std::to_string(i + 1) +
            "}},\"then\":{\"invite\":{\"text\":\"x\"}}}";
  }
  // An "any" beside a fact is refused; both within an "all" are not.
  CHECK(has_code(check(text + "]}"), "mixed-condition"));
  for (std::size_t at = text.find("\"any\":["); at != std::string::npos; at = text.find("\"any\":[", at + 20)) {
    const std::size_t end = text.find("}},\"then\"", at);
    std::string all = text.substr(at, end + 1 - at);
    all.replace(all.find("],\"cart.items\""), 2, "]},{");
    all = "\"all\":[{" + all + "}]";
    text.replace(at, end + 1 - at, all);
    at += 8;
  }
  CHECK(check(text + "]}").file);
}

}  // namespace
}  // namespace beckon::rules
