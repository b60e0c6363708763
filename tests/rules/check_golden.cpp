// Golden files: what the checker says about each file of diagnostics/, read like code. A case is NAME.json, and
// NAME.txt with every diagnostic as it is printed; files in diagnostics/good/ have nothing to be said about them.
// UPDATE_GOLDEN=1 rewrites what is expected.
#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "beckon/rules/rule_file.hpp"

namespace beckon::rules {
namespace {

namespace fs = std::filesystem;

const fs::path kFolder = fs::path(BECKON_SOURCE_DIR) / "tests/rules/diagnostics";

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::set<fs::path> cases_in(const fs::path& folder) {
  std::set<fs::path> cases;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".json") cases.insert(entry.path());
  }
  return cases;
}

std::string rendered(const fs::path& path) {
  const std::string text = read_file(path);
  std::string out;
  for (const Diagnostic& diagnostic : check(text).diagnostics) {
    out += render(diagnostic, path.filename().string(), text);
  }
  return out;
}

TEST_CASE("Each doubtful file gets its diagnostics") {
  for (const fs::path& path : cases_in(kFolder)) {
    fs::path expected = path;
    expected.replace_extension(".txt");
    const std::string found = rendered(path);
    INFO(path.filename());
    CHECK_FALSE(found.empty());
    if (std::getenv("UPDATE_GOLDEN")) std::ofstream(expected, std::ios::binary) << found;
    CHECK(found == read_file(expected));
  }
}

TEST_CASE("A good file gets none") {
  for (const fs::path& path : cases_in(kFolder / "good")) {
    INFO(path.filename());
    CHECK(rendered(path) == "");
  }
}

}  // namespace
}  // namespace beckon::rules
