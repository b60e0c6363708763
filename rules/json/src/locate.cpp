#include <algorithm>

#include "beckon/json/reader.hpp"

namespace beckon::json {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::size_t line_begin(std::string_view text, std::size_t offset) {
  if (offset == 0) return 0;
  const std::size_t found = text.rfind('\n', offset - 1);
  if (found != std::string_view::npos) return found + 1;
  // An editor does not show the mark.
  return text.starts_with(kByteOrderMark) ? std::min(kByteOrderMark.size(), offset) : 0;
}

}  // namespace

LineColumn locate(std::string_view text, std::size_t offset) {
  offset = std::min(offset, text.size());
  const auto lines = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(offset), '\n');
  const std::string_view before = text.substr(0, offset).substr(line_begin(text, offset));
  const auto columns = std::count_if(before.begin(), before.end(), [](char c) { return (c & 0xC0) != 0x80; });
  return {static_cast<std::uint32_t>(lines + 1), static_cast<std::uint32_t>(columns + 1)};
}

std::string_view line_at(std::string_view text, std::size_t offset) {
  offset = std::min(offset, text.size());
  const std::size_t begin = line_begin(text, offset);
  std::string_view line = text.substr(begin, text.find('\n', offset) - begin);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace beckon::json
