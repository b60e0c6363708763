#include "source_line.hpp"

#include <algorithm>
#include <cstdio>
#include <vector>

#include "beckon/json/reader.hpp"
#include "beckon/json/utf8.hpp"

namespace beckon::rules {
namespace {

constexpr std::size_t kMaxShownCells = 120;
constexpr std::size_t kCellsBeforeCaret = 40;   // kept of a line that is cut
constexpr std::size_t kMaxLaidOutBytes = 1024;  // on either side of the caret
constexpr std::size_t kTabCells = 4;
constexpr std::size_t kMaxQuotedCharacters = 60;

struct CodeRange {
  char32_t first, last;
};

template <std::size_t N>
bool in_any(const CodeRange (&ranges)[N], char32_t c) {
  return std::any_of(std::begin(ranges), std::end(ranges), [c](CodeRange r) { return r.first <= c && c <= r.last; });
}

// What a terminal obeys instead of showing: controls, and characters that change the direction of writing.
bool is_obeyed(char32_t c) {
  constexpr CodeRange kObeyed[] = {{0, 0x1F},        {0x7F, 0x9F},     {0x200E, 0x200F},
                                   {0x2028, 0x202E}, {0x2066, 0x2069}, {0xFEFF, 0xFEFF}};
  return in_any(kObeyed, c);
}

std::size_t cells_of(char32_t c) {
  constexpr CodeRange kNone[] = {{0x300, 0x36F}, {0x200B, 0x200D}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}};
  constexpr CodeRange kWide[] = {{0x1100, 0x115F},   {0x2E80, 0x303E},   {0x3041, 0xA4CF},  {0xAC00, 0xD7A3},
                                 {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},  {0x1F300, 0x1F64F},
                                 {0x1F680, 0x1F6FF}, {0x1F900, 0x1FAFF}, {0x20000, 0x3FFFD}};
  if (c < 0x300) return 1;
  return in_any(kNone, c) ? 0 : in_any(kWide, c) ? 2 : 1;
}

// A character of a line where it is shown.
struct Cell {
  std::string_view bytes;
  std::size_t offset;  // in the file
  std::size_t column;  // cells before it
  std::size_t width;
};

constexpr std::string_view kReplacement = "\uFFFD";
constexpr std::string_view kSpaces = "    ";

std::vector<Cell> lay_out(std::string_view line, std::size_t offset) {
  std::vector<Cell> cells;
  std::size_t column = 0;
  while (!line.empty()) {
    const CodePoint c = next_code_point(line);
    Cell cell{line.substr(0, c.size), offset, column, cells_of(c.value)};
    if (c.value == '\t') {
      cell.width = kTabCells - column % kTabCells;
      cell.bytes = kSpaces.substr(0, cell.width);
    } else if (is_obeyed(c.value) || c.value == 0xFFFD) {
      cell.bytes = kReplacement;
      cell.width = 1;
    }
    cells.push_back(cell);
    column += cell.width;
    offset += c.size;
    line.remove_prefix(c.size);
  }
  return cells;
}

// A file may be one line of megabytes: only what is near `offset` is laid out. True when the line's beginning was cut.
bool cut_far_from(std::string_view& line, std::size_t& line_offset, std::size_t offset) {
  const std::size_t before = offset - std::min(offset, line_offset);
  const std::size_t cut = before > kMaxLaidOutBytes ? before - kMaxLaidOutBytes : 0;
  line.remove_prefix(std::min(cut, line.size()));
  line_offset += cut;
  // Not within a character.
  while (cut > 0 && !line.empty() && (static_cast<unsigned char>(line.front()) & 0xC0) == 0x80) {
    line.remove_prefix(1);
    ++line_offset;
  }
  line = line.substr(0, 2 * kMaxLaidOutBytes);
  return cut > 0;
}

std::string escape(char32_t c) {
  char buffer[12];
  std::snprintf(buffer, sizeof buffer, c < 0x10000 ? "\\u%04X" : "\\u{%X}", static_cast<unsigned>(c));
  return buffer;
}

}  // namespace

CodePoint next_code_point(std::string_view text) {
  const std::size_t size = json::utf8_length(text, 0);
  if (size == 0) return {0xFFFD, 1};
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (size == 1) return {byte(0), 1};
  char32_t value = byte(0) & (0xFF >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) value = value << 6 | (byte(i) & 0x3F);
  return {value, size};
}

namespace {

// Takes the first character off the text.
std::string take_printable(std::string_view& text) {
  const CodePoint c = next_code_point(text);
  std::string shown(text.substr(0, c.size));
  if (is_obeyed(c.value)) shown = escape(c.value);
  if (c.value == 0xFFFD) shown = kReplacement;
  text.remove_prefix(c.size);
  return shown;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  while (!text.empty()) out += take_printable(text);
  return out;
}

std::string quoted(std::string_view text) {
  std::vector<std::string> characters;
  while (!text.empty()) {
    const bool special = text.front() == '"' || text.front() == '\\';
    characters.push_back((special ? "\\" : "") + take_printable(text));
  }
  std::string out = "\"";
  for (std::size_t i = 0; i < characters.size(); ++i) {
    if (characters.size() > kMaxQuotedCharacters && i == kMaxQuotedCharacters / 2) {
      out += "…";
      i = characters.size() - kMaxQuotedCharacters / 2;
    }
    out += characters[i];
  }
  return out + '"';
}

ShownLine show_line(std::string_view text, SourceRange range) {
  range.begin = std::min(range.begin, text.size());
  std::string_view line = json::line_at(text, range.begin);
  std::size_t line_offset = line.empty() ? range.begin : static_cast<std::size_t>(line.data() - text.data());
  const bool cut_before = cut_far_from(line, line_offset, range.begin);
  while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);

  const std::vector<Cell> cells = lay_out(line, line_offset);
  const std::size_t width = cells.empty() ? 0 : cells.back().column + cells.back().width;
  const auto column_of = [&](std::size_t offset) {
    const auto at = std::find_if(cells.begin(), cells.end(), [&](const Cell& c) { return c.offset >= offset; });
    return at == cells.end() ? width : at->column;
  };
  const std::size_t caret = column_of(range.begin);
  const std::size_t caret_end = std::max(column_of(std::max(range.end, range.begin)), caret + 1);

  std::size_t from = 0, to = width;
  if (width > kMaxShownCells) {
    from = std::min(caret > kCellsBeforeCaret ? caret - kCellsBeforeCaret : 0, width - kMaxShownCells);
    to = std::min(width, from + kMaxShownCells);
  }
  ShownLine shown;
  const std::size_t indent = from > 0 || cut_before ? 1 : 0;
  if (indent > 0) shown.text = "…";
  for (const Cell& cell : cells) {
    if (cell.column >= from && cell.column + cell.width <= to) shown.text += cell.bytes;
  }
  if (to < width) shown.text += "…";
  shown.underline.assign(caret - from + indent, ' ');
  shown.underline += '^';
  shown.underline.append(std::max(std::min(caret_end, std::max(to, caret + 1)), caret + 1) - caret - 1, '~');
  return shown;
}

}  // namespace beckon::rules
