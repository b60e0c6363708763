// Words that very many visitors' texts are: devices, browsers, systems. Each can be written as one byte.
#pragma once

#include <array>
#include <cstdint>
#include <iterator>
#include <string_view>

namespace beckon::rules::detail {

// By length.
inline constexpr std::string_view kCommonWords[] = {
    "ios",    "edge",   "opera",   "macos",   "linux",   "mobile",  "tablet",  "chrome",
    "safari", "yandex", "desktop", "firefox", "samsung", "windows", "android", "chromeos",
};
inline constexpr std::uint8_t kFirstWordCode = 0x80;
inline constexpr std::size_t kLongestCommonWord = kCommonWords[std::size(kCommonWords) - 1].size();

// Where words of a length begin; one more, so that they end where the next begin.
inline constexpr auto kCommonWordsOfLength = [] {
  std::array<std::uint8_t, kLongestCommonWord + 2> begin{};
  for (const std::string_view word : kCommonWords) {
    for (std::size_t length = word.size() + 1; length < begin.size(); ++length) ++begin[length];
  }
  return begin;
}();

// 0: it is none of them.
inline std::uint8_t code_of_word(std::string_view text) {
  if (text.size() > kLongestCommonWord) return 0;
  for (std::size_t i = kCommonWordsOfLength[text.size()]; i < kCommonWordsOfLength[text.size() + 1]; ++i) {
    if (kCommonWords[i] == text) return static_cast<std::uint8_t>(kFirstWordCode + i);
  }
  return 0;
}

}  // namespace beckon::rules::detail
