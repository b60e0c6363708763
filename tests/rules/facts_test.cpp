#include "beckon/rules/facts.hpp"

#include <catch2/catch.hpp>

#include <set>
#include <string>

namespace beckon::rules {
namespace {

TEST_CASE("The registry is in the order of FactId, each fact with a name and a doc line") {
  std::set<std::string_view> names;
  std::size_t index = 0;
  for (const FactInfo& info : fact_registry()) {
    INFO(info.name);
    CHECK(static_cast<std::size_t>(info.id) == index++);
    CHECK(&fact_info(info.id) == &info);
    CHECK(names.insert(info.name).second);
    CHECK_FALSE(info.doc.empty());
    CHECK(info.doc.find('\n') == std::string_view::npos);
    CHECK(info.family == info.name.ends_with('.'));
  }
  CHECK(index == static_cast<std::size_t>(FactId::kSiteWeekday) + 1);
}

TEST_CASE("Every fact is found by its name, a family's by any name below it") {
  for (const FactInfo& info : fact_registry()) {
    FactName found{};
    const std::string name = std::string(info.name) + (info.family ? "a.b c" : "");
    INFO(name);
    REQUIRE(find_fact(name, found));
    CHECK(found.id == info.id);
    CHECK(found.member == (info.family ? "a.b c" : ""));
  }
}

TEST_CASE("What is no fact is not found") {
  FactName found{};
  for (const std::string_view name :
       {"", "page", "page.", "page.dwel", "page.dwelll", "Page.dwell", "page.query", "page.query.", "visitor.tag.",
        "visit.utm", "visit.utm.", "visit.utm.id", "zzz", "a", "page.dwell "}) {
    INFO(name);
    CHECK_FALSE(find_fact(name, found));
  }
}

}  // namespace
}  // namespace beckon::rules
