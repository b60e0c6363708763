// Words that very many visitors' texts are: devices, browsers, systems. Each can be written as one byte.
#pragma once

#include <cstdint>
#include <iterator>
#include <string_view>

namespace beckon::rules::detail {

inline constexpr std::string_view kCommonWords[] = {
    "desktop", "mobile", "tablet",  "chrome", "safari", "firefox", "edge",  "opera",
    "samsung", "yandex", "windows", "macos",  "ios",    "android", "linux", "chromeos",
};
inline constexpr std::uint8_t kFirstWordCode = 0x80;

// 0: it is none of them.
inline std::uint8_t code_of_word(std::string_view text) {
  constexpr std::size_t kShortest = 3, kLongest = 8;
  if (text.size() < kShortest || text.size() > kLongest) return 0;
  for (std::size_t i = 0; i < std::size(kCommonWords); ++i) {
    if (kCommonWords[i] == text) return static_cast<std::uint8_t>(kFirstWordCode + i);
  }
  return 0;
}

}  // namespace beckon::rules::detail
