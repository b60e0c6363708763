// Every kept case: what once differed between the engine and the slow evaluator, with the decisions that rules.md asks
// for.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "rules/property/compare.hpp"

namespace beckon::property {
namespace {

std::vector<std::filesystem::path> case_files() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(BECKON_SOURCE_DIR "/tests/rules/property/cases")) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string read(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("engine and oracle decide every kept case as it says") {
  REQUIRE_FALSE(case_files().empty());
  for (const std::filesystem::path& path : case_files()) {
    Case kept = parse_case(read(path));
    INFO(path.filename() << ": " << kept.why);
    CHECK(is_valid(kept.scenario));
    CHECK(engine_decisions(kept.scenario) == kept.decisions);
    CHECK(texts(oracle_decisions(kept.scenario)) == kept.decisions);
  }
}

}  // namespace beckon::property
