// docs/rules.md, for tests that hold it to its word.
#pragma once

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace beckon::test {

inline const std::string& guide() {
  static const std::string text = [] {
    std::ifstream in(BECKON_SOURCE_DIR "/docs/rules.md", std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
  }();
  REQUIRE_FALSE(text.empty());
  return text;
}

// The guide's fenced blocks of one language, in order.
inline std::vector<std::string> blocks(const std::string& language) {
  std::vector<std::string> found;
  const std::string fence = "\n```" + language + "\n";
  for (std::size_t at = 0; (at = guide().find(fence, at)) != std::string::npos;) {
    at += fence.size();
    found.push_back(guide().substr(at, guide().find("\n```", at) - at) + "\n");
  }
  return found;
}

}  // namespace beckon::test
