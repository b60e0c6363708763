#include "core/form_answers.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>

namespace beckon::core {

namespace {

constexpr int kMinPhoneDigits = 5;

// What people, and the telephone books they copy from, put between digits.
constexpr std::string_view kBetweenDigits[] = {
    " ",      "\t",     "+",      "(",      ")",      ".",      "-",      "/",      "\u00A0", "\u1680", "\u2000",
    "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006", "\u2007", "\u2008", "\u2009", "\u200A", "\u202F",
    "\u205F", "\u3000"};

}  // namespace

bool looks_like_email(std::string_view text) {
  const std::size_t at = text.find('@');
  if (at == std::string_view::npos || at == 0 || at + 1 == text.size()) return false;
  if (text.find('@', at + 1) != std::string_view::npos) return false;
  const auto splits = [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == 0x7F; };
  return std::none_of(text.begin(), text.end(), splits);
}

bool looks_like_phone(std::string_view text) {
  int digits = 0;
  while (!text.empty()) {
    if (text.front() >= '0' && text.front() <= '9') {
      ++digits;
      text.remove_prefix(1);
      continue;
    }
    const auto between = std::find_if(std::begin(kBetweenDigits), std::end(kBetweenDigits),
                                      [&](std::string_view each) { return text.starts_with(each); });
    if (between == std::end(kBetweenDigits)) return false;
    text.remove_prefix(between->size());
  }
  return digits >= kMinPhoneDigits;
}

}  // namespace beckon::core
