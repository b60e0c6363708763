#include "transcript.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <vector>

TEST_CASE("the transcripts of docs/protocol.md run as they are written") {
  std::vector<std::filesystem::path> files;
  for (const auto& each : std::filesystem::directory_iterator(BECKON_SOURCE_DIR "/tests/server/transcripts")) {
    if (each.path().extension() == ".txt") files.push_back(each.path());
  }
  std::sort(files.begin(), files.end());
  CHECK(files.size() >= 6);
  for (const auto& file : files) beckon::test::run_transcript(file);
}
