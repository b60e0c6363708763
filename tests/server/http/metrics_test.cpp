#include "http/metrics.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

using namespace beckon;

namespace {

std::string whole(const char* file) {
  std::ifstream in(std::string(BECKON_SOURCE_DIR "/") + file);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("logins, files and consoles are counted by what became of them") {
  http::MetricsInput input;
  input.logins = {7, 5, 3, 1};
  input.uploads = {{4, 2, 1, 0}, 12'345};
  input.shards.resize(2);
  input.shards[1].core.consoles = 2;
  input.shards[1].core.console_frames = 99;
  const std::string text = http::exposition(input);
  for (const std::string_view line :
       {"beckon_logins_total{result=\"ok\"} 7", "beckon_logins_total{result=\"refused\"} 5",
        "beckon_logins_total{result=\"throttled\"} 3", "beckon_logins_total{result=\"failed\"} 1",
        "beckon_uploads_total{result=\"kept\"} 4", "beckon_uploads_total{result=\"refused\"} 2",
        "beckon_uploads_total{result=\"throttled\"} 1", "beckon_uploads_total{result=\"failed\"} 0",
        "beckon_uploaded_bytes_total 12345", "beckon_consoles{shard=\"0\"} 0", "beckon_consoles{shard=\"1\"} 2",
        "beckon_console_frames_total{shard=\"1\"} 99"}) {
    CAPTURE(line);
    CHECK(text.find(std::string(line) + "\n") != std::string::npos);
  }
}

TEST_CASE("every metric stands in the manual") {
  http::MetricsInput input;
  input.shards.resize(1);
  const std::string manual = whole("docs/operating.md");
  REQUIRE_FALSE(manual.empty());
  std::istringstream text(http::exposition(input));
  int metrics = 0;
  for (std::string hash, type, name, rest; text >> hash;) {
    if (hash == "#" && text >> type >> name && type == "TYPE") {
      ++metrics;
      CAPTURE(name);
      CHECK(manual.find("`" + name + "`") != std::string::npos);
    }
    std::getline(text, rest);
  }
  CHECK(metrics > 50);
}
