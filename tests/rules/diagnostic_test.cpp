#include "beckon/rules/diagnostic.hpp"

#include <catch2/catch.hpp>

namespace beckon::rules {
namespace {

std::string shown(std::string_view text, SourceRange where, std::string hint = {}) {
  return render({Severity::kError, "code", where, "message", std::move(hint), {}}, "f.json", text);
}

TEST_CASE("A diagnostic shows its line, with the caret under the range") {
  CHECK(shown("{\n  \"a\": 1\n}", {4, 7}, "what to do") ==
        "f.json:2:3: error: message [code]\n"
        "    2 |   \"a\": 1\n"
        "      |   ^~~ what to do\n");
}

TEST_CASE("A range of several lines is underlined on its first") {
  CHECK(shown("[1,\n2]", {0, 6}) ==
        "f.json:1:1: error: message [code]\n"
        "    1 | [1,\n"
        "      | ^~~\n");
}

TEST_CASE("The end of the text and an empty text have places too") {
  CHECK(shown("[1", {2, 2}) ==
        "f.json:1:3: error: message [code]\n"
        "    1 | [1\n"
        "      |   ^\n");
  CHECK(shown("", {0, 0}) ==
        "f.json:1:1: error: message [code]\n"
        "    1 | \n"
        "      | ^\n");
  CHECK(shown("x", {50, 60}).starts_with("f.json:1:2: error"));
}

TEST_CASE("Tabs become spaces, wide characters take two cells, the column counts characters") {
  CHECK(shown("\t\"日本\": x", {11, 12}) ==
        "f.json:1:8: error: message [code]\n"
        "    1 |     \"日本\": x\n"
        "      |             ^\n");
}

TEST_CASE("What a terminal would obey is not passed on") {
  const std::string out = shown("a\033[31m\u202E\x01 b", {10, 11});
  CHECK(out.find('\033') == std::string::npos);
  CHECK(out.find("\u202E") == std::string::npos);
  CHECK(out.find('\x01') == std::string::npos);
  CHECK(shown("a\xff\xc3", {0, 1}).find('\xff') == std::string::npos);
}

TEST_CASE("A long line is cut around the caret") {
  const std::string line(5000, 'x');
  for (const std::size_t at : {0u, 10u, 100u, 2500u, 4990u, 4999u}) {
    const std::string out = shown(line, {at, at + 1});
    INFO(out);
    const std::size_t text = out.find(" | ") + 3;
    const std::size_t caret = out.find('^');
    CHECK(out.size() < 400);
    const std::size_t underline = out.find(" | ", text) + 3;
    CHECK(out.substr(text, out.find('\n', text) - text).find('x') != std::string::npos);
    CHECK(caret - underline <= 121);
  }
}

TEST_CASE("A line of megabytes costs no more than what is shown of it") {
  const std::string line(4 << 20, '\t');
  for (int i = 0; i < 50; ++i) CHECK(shown(line, {line.size() / 2, line.size() / 2 + 1}).size() < 400);
}

TEST_CASE("Warnings and notes are told apart, in colour where it is asked for") {
  const Diagnostic diagnostic{Severity::kWarning, "w", {0, 1}, "doubtful", "", {{{2, 3}, "the other is here"}}};
  CHECK(render(diagnostic, "f", "1 2") ==
        "f:1:1: warning: doubtful [w]\n"
        "    1 | 1 2\n"
        "      | ^\n"
        "f:1:3: note: the other is here\n"
        "    1 | 1 2\n"
        "      |   ^\n");
  CHECK(render(diagnostic, "f", "1 2", Color::kAnsi).find("\033[1;35mwarning:\033[0m") != std::string::npos);
}

TEST_CASE("Only an error is an error") {
  CHECK_FALSE(has_errors({}));
  CHECK_FALSE(has_errors({{Severity::kWarning, "w", {}, "m", "", {}}}));
  CHECK(has_errors({{Severity::kWarning, "w", {}, "m", "", {}}, {Severity::kError, "e", {}, "m", "", {}}}));
}

}  // namespace
}  // namespace beckon::rules
