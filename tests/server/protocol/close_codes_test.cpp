#include "protocol/close_codes.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

using namespace beckon::protocol;

namespace {

constexpr CloseCode kAll[] = {CloseCode::kShutdown,  CloseCode::kSlowConsumer,     CloseCode::kNoPong,
                              CloseCode::kThrottled, CloseCode::kStoreUnavailable, CloseCode::kStartOver,
                              CloseCode::kBadFrame,  CloseCode::kNoHello,          CloseCode::kTooLarge,
                              CloseCode::kForbidden, CloseCode::kReplaced};

}  // namespace

TEST_CASE("the range of a close code says whether to come back") {
  CHECK(comes_back(CloseCode::kShutdown));
  CHECK(comes_back(CloseCode::kStartOver));
  CHECK_FALSE(comes_back(CloseCode::kBadFrame));
  CHECK_FALSE(comes_back(CloseCode::kReplaced));
}

TEST_CASE("docs/protocol.md lists every close code with its name") {
  std::ifstream file(BECKON_SOURCE_DIR "/docs/protocol.md");
  std::stringstream text;
  text << file.rdbuf();
  for (const CloseCode code : kAll) {
    const std::string row = "| " + std::to_string(static_cast<int>(code)) + " | `" + std::string(name_of(code)) + "` |";
    INFO(row);
    CHECK(text.str().find(row) != std::string::npos);
  }
}
