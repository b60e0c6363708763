// The guide names every type and key of a journal line, and every key of a `visitor` line.
#include <catch2/catch.hpp>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "journal_fields.hpp"
#include "rules/support/guide.hpp"
#include "snapshot_fields.hpp"

using namespace beckon;
using beckon::test::guide;

namespace {

// From one heading to another.
std::string part(const std::string& begin, const std::string& end) {
  const std::size_t at = guide().find("\n" + begin + "\n");
  const std::size_t until = guide().find("\n" + end + "\n");
  REQUIRE((at < until && until != std::string::npos));
  return guide().substr(at, until - at);
}

// Collects the names of a snapshot's members, at every depth.
class Names {
 public:
  template <class T>
  void field(std::string_view name, T& value) {
    found.emplace(name);
    below(value);
  }
  template <class Members>
  void group(std::string_view name, Members members) {
    found.emplace(name);
    members(*this);
  }
  void names(std::string_view name, std::vector<std::string>&) { found.emplace(name); }
  void digests(std::string_view name, std::vector<std::uint64_t>&) { found.emplace(name); }
  std::set<std::string> found;

 private:
  template <class T>
  void below(T& value) {
    if constexpr (requires { rules::fields(*this, value); }) rules::fields(*this, value);
  }
  template <class T>
  void below(std::optional<T>&) {
    inside<T>();
  }
  template <class T>
  void below(std::vector<T>&) {
    inside<T>();
  }
  template <class T>
  void below(std::vector<std::pair<std::string, T>>&) {
    inside<T>();
  }
  template <class T>
  void inside() {
    T value{};
    below(value);
  }
};

}  // namespace

TEST_CASE("the guide names every key of a visitor line") {
  const std::string text = part("### The visitor line", "### Decisions");
  Names names;
  rules::VisitorSnapshot snapshot;
  rules::fields(names, snapshot);
  CHECK(names.found.count("idle_since") == 1);  // of a page of a tab: the deepest
  for (const std::string& name : names.found) {
    INFO(name);
    CHECK(text.find("`" + name + "`") != std::string::npos);
  }
}

TEST_CASE("the guide names every type of journal line, and every key") {
  const std::string text = part("## 8. The journal", "### The visitor line");
  for (std::size_t type = 0; type < rules::kEventTypes + 5; ++type) {
    INFO(rules::kLineTypes[type]);
    CHECK(text.find("`" + std::string(rules::kLineTypes[type]) + "`") != std::string::npos);
  }
  for (std::size_t key = 0; key < rules::kKeys; ++key) {
    INFO(rules::kKeyNames[key]);
    CHECK(text.find("`" + std::string(rules::kKeyNames[key]) + "`") != std::string::npos);
  }
}
