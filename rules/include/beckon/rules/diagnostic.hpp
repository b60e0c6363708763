// What is wrong or doubtful in a file that an admin wrote, and where.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace beckon::rules {

// A run of bytes of the file.
struct SourceRange {
  std::size_t begin = 0;
  std::size_t end = 0;
};

enum class Severity { kError, kWarning };

// A second place that explains the first: "the other rule with this id is here".
struct Note {
  SourceRange where;
  std::string message;
};

struct Diagnostic {
  Severity severity = Severity::kError;
  std::string code;     // stable and short, for --format json and for looking up: "unknown-fact"
  SourceRange where;
  std::string message;  // one sentence, lower case, no full stop: "unknown fact \"page.dwel\""
  std::string hint;     // empty, or what to do: "did you mean \"page.dwell\"?"
  std::vector<Note> notes;
};

// Text that others wrote, as it may be shown on a terminal: control and direction characters are escapes, what is no UTF-8
// is U+FFFD.
[[nodiscard]] std::string printable(std::string_view text);

// Renders as a compiler does:
//
//   rules.json:14:9: error: unknown fact "page.dwel" [unknown-fact]
//      14 |     { "page.dwel": { "gte": "45s" } },
//         |       ^~~~~~~~~~~ did you mean "page.dwell"?
//
// Each line ends with '\n'. A note follows in the same shape. Long lines are cut around the caret; what a terminal would
// obey is not passed on. `file` is the name to print, `text` the whole file. kAnsi adds colours.
enum class Color { kNone, kAnsi };
[[nodiscard]] std::string render(const Diagnostic& diagnostic, std::string_view file, std::string_view text,
                                 Color color = Color::kNone);

[[nodiscard]] bool has_errors(const std::vector<Diagnostic>& diagnostics);

}  // namespace beckon::rules
