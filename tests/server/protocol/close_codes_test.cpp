#include "protocol/close_codes.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

using namespace beckon::protocol;

namespace {

constexpr CloseCode kAll[] = {CloseCode::kShutdown,  CloseCode::kSlowConsumer,     CloseCode::kNoPong,
                              CloseCode::kThrottled, CloseCode::kStoreUnavailable, CloseCode::kStartOver,
                              CloseCode::kBadFrame,  CloseCode::kNoHello,          CloseCode::kTooLarge,
                              CloseCode::kForbidden, CloseCode::kReplaced,         CloseCode::kSignedOut};

// The codes for which the page has no row, but those that it is not about.
std::string missing_in(const std::string& page, std::initializer_list<CloseCode> but) {
  std::ifstream file(std::string(BECKON_SOURCE_DIR "/") + page);
  std::stringstream text;
  text << file.rdbuf();
  std::string missing;
  for (const CloseCode code : kAll) {
    const std::string row = "| " + std::to_string(static_cast<int>(code)) + " | `" + std::string(name_of(code)) + "` |";
    if (std::find(but.begin(), but.end(), code) != but.end()) continue;
    if (text.str().find(row) == std::string::npos) missing += row;
  }
  return missing;
}

}  // namespace

TEST_CASE("the range of a close code says whether to come back") {
  CHECK(comes_back(CloseCode::kShutdown));
  CHECK(comes_back(CloseCode::kStartOver));
  CHECK_FALSE(comes_back(CloseCode::kBadFrame));
  CHECK_FALSE(comes_back(CloseCode::kReplaced));
}

TEST_CASE("docs/protocol.md lists every close code of visitors with its name") {
  CHECK(missing_in("docs/protocol.md", {CloseCode::kSignedOut}).empty());
}

TEST_CASE("docs/console-protocol.md lists every close code of consoles with its name") {
  CHECK(missing_in("docs/console-protocol.md", {CloseCode::kStartOver, CloseCode::kReplaced}).empty());
}
