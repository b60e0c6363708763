#include "beckon/rules/diagnostic.hpp"

#include <algorithm>

#include "beckon/json/reader.hpp"
#include "source_line.hpp"

namespace beckon::rules {
namespace {

constexpr std::size_t kGutterWidth = 5;  // of line numbers

struct Palette {
  std::string_view bold, error, warning, note, caret, reset;
};
constexpr Palette kPlain{};
constexpr Palette kColoured{"\033[1m", "\033[1;31m", "\033[1;35m", "\033[1;36m", "\033[1;32m", "\033[0m"};

struct Entry {
  SourceRange where;
  std::string_view label, label_colour;
  std::string_view message, code, hint;
};

void append_entry(std::string& out, const Entry& entry, std::string_view file, std::string_view text,
                  const Palette& paint) {
  const json::LineColumn place = json::locate(text, entry.where.begin);
  out.append(paint.bold).append(file) += ':';
  out.append(std::to_string(place.line)) += ':';
  out.append(std::to_string(place.column)).append(":").append(paint.reset) += ' ';
  out.append(entry.label_colour).append(entry.label).append(":").append(paint.reset) += ' ';
  out.append(entry.message);
  if (!entry.code.empty()) out.append(" [").append(entry.code).append("]");
  out += '\n';

  const ShownLine shown = show_line(text, entry.where);
  const std::string number = std::to_string(place.line);
  out.append(kGutterWidth - std::min(number.size(), kGutterWidth), ' ')
      .append(number)
      .append(" | ")
      .append(shown.text) += '\n';
  out.append(std::max(number.size(), kGutterWidth), ' ').append(" | ");
  out.append(paint.caret).append(shown.underline).append(paint.reset);
  if (!entry.hint.empty()) out.append(" ").append(entry.hint);
  out += '\n';
}

}  // namespace

std::string render(const Diagnostic& diagnostic, std::string_view file, std::string_view text, Color color) {
  const Palette& paint = color == Color::kAnsi ? kColoured : kPlain;
  const bool error = diagnostic.severity == Severity::kError;
  std::string out;
  append_entry(out,
               {diagnostic.where, error ? "error" : "warning", error ? paint.error : paint.warning, diagnostic.message,
                diagnostic.code, diagnostic.hint},
               file, text, paint);
  for (const Note& note : diagnostic.notes) {
    append_entry(out, {note.where, "note", paint.note, note.message, {}, {}}, file, text, paint);
  }
  return out;
}

bool has_errors(const std::vector<Diagnostic>& diagnostics) {
  return std::any_of(diagnostics.begin(), diagnostics.end(),
                     [](const Diagnostic& d) { return d.severity == Severity::kError; });
}

}  // namespace beckon::rules
