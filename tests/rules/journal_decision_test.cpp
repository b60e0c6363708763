// Decisions as replay prints them.
#include <catch2/catch.hpp>
#include <string>

#include "beckon/rules/journal.hpp"
#include "beckon/rules/rule_set.hpp"

namespace beckon::rules {
namespace {

constexpr std::string_view kRules = R"({"rules": [
  {"id": "plain", "when": {"page.scroll": {"gte": 50}}, "then": {"tag": "reader"}},
  {"id": "two-texts", "when": {"page.scroll": {"gte": 50}},
   "variants": [{"weight": 1, "then": {"tag": "a"}}, {"weight": 1, "then": {"tag": "b"}}]}
]})";

std::string written(const Decision& decision) {
  CheckResult checked = check(kRules);
  REQUIRE(checked.file);
  const auto rules = RuleSet::compile(std::move(*checked.file), {.site = "shop"});
  std::string out;
  write_decision(out, "v \"1\"", decision, *rules);
  return out;
}

Decision decision(std::uint32_t rule, Verdict verdict) {
  Decision made;
  made.t = at_ms(1'570'000'000'000);
  made.rule = rule;
  made.verdict = verdict;
  made.tab = "0";
  return made;
}

TEST_CASE("what fired is written with its tab, without a reason") {
  CHECK(written(decision(0, Verdict::kFire)) ==
        R"({"t":1570000000000,"visitor":"v \"1\"","tab":"0","rule":"plain","verdict":"fire"})" "\n");
}

TEST_CASE("a decision of a rule with variants names the one taken, from 1") {
  Decision made = decision(1, Verdict::kFire);
  made.variant = 1;
  CHECK(written(made).ends_with(R"("rule":"two-texts","verdict":"fire","variant":2})" "\n"));
  made.verdict = Verdict::kShadow;
  CHECK(written(made).ends_with(R"("verdict":"shadow","variant":2})" "\n"));
  made.verdict = Verdict::kControl;
  CHECK(written(made).ends_with(R"("verdict":"control","variant":2})" "\n"));
}

TEST_CASE("every other verdict says why, and no variant") {
  Decision made = decision(1, Verdict::kLimit);
  made.why.kind = Why::Kind::kPerVisit;
  made.why.number = 1;
  made.why.bound = 1;
  const std::string line = written(made);
  CHECK(line.find(R"("verdict":"limit","why":"1 of 1 in this visit"})") != std::string::npos);
  CHECK(line.find("variant") == std::string::npos);
}

}  // namespace
}  // namespace beckon::rules
