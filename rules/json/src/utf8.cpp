#include "beckon/json/utf8.hpp"

#include <cstdint>
#include <cstring>

namespace beckon::json {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

bool continues(std::string_view text, std::size_t offset, unsigned low = 0x80, unsigned high = 0xBF) {
  if (offset >= text.size()) return false;
  const auto byte = static_cast<unsigned char>(text[offset]);
  return byte >= low && byte <= high;
}

// Whether all eight bytes are printable ASCII. A byte below 0x20 borrows into its top bit, one above 0x7F has it set.
bool all_printable(const char* bytes) {
  std::uint64_t word;
  std::memcpy(&word, bytes, sizeof word);
  return (((word - 0x2020202020202020u) | word) & 0x8080808080808080u) == 0;
}

}  // namespace

std::size_t utf8_length(std::string_view text, std::size_t offset) {
  const auto lead = static_cast<unsigned char>(text[offset]);
  if (lead < 0x80) return 1;
  if (lead < 0xC2) return 0;
  if (lead < 0xE0) return continues(text, offset + 1) ? 2 : 0;
  if (lead < 0xF0) {
    const unsigned low = lead == 0xE0 ? 0xA0 : 0x80, high = lead == 0xED ? 0x9F : 0xBF;
    return continues(text, offset + 1, low, high) && continues(text, offset + 2) ? 3 : 0;
  }
  if (lead > 0xF4) return 0;
  const unsigned low = lead == 0xF0 ? 0x90 : 0x80, high = lead == 0xF4 ? 0x8F : 0xBF;
  return continues(text, offset + 1, low, high) && continues(text, offset + 2) && continues(text, offset + 3) ? 4 : 0;
}

std::optional<std::size_t> find_bad_byte(std::string_view text) {
  std::size_t i = 0;
  while (i < text.size()) {
    if (i + 8 <= text.size() && all_printable(text.data() + i)) {
      i += 8;
      continue;
    }
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x20 && byte != '\n' && byte != '\r' && byte != '\t') return i;
    const std::size_t length = utf8_length(text, i);
    if (length == 0) return i;
    i += length;
  }
  return std::nullopt;
}

void replace_bad_utf8(std::string& text) {
  std::string good;
  std::size_t copied = 0;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = utf8_length(text, i);
    if (length == 0) {
      good.append(text, copied, i - copied).append(kReplacement);
      copied = i + 1;
    }
    i += length == 0 ? 1 : length;
  }
  if (copied != 0) text = std::move(good.append(text, copied));
}

std::string_view cut_utf8(std::string_view text, std::size_t max_bytes) {
  if (text.size() <= max_bytes) return text;
  constexpr std::size_t kMostContinuations = 3;
  for (std::size_t size = max_bytes; size > 0 && max_bytes - size < kMostContinuations; --size) {
    if ((text[size] & 0xC0) != 0x80) return text.substr(0, size);
  }
  return text.substr(0, max_bytes);
}

}  // namespace beckon::json
