// The guide's reference says what the code says: every fact with its type and meaning, every limit, and nothing besides.
#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "beckon/rules/decision.hpp"
#include "beckon/rules/facts.hpp"
#include "beckon/rules/limits.hpp"
#include "beckon/rules/rule_file.hpp"
#include "rules/support/guide.hpp"

using namespace beckon;
using beckon::test::guide;

namespace {

std::string type_in_words(rules::FactType type) {
  switch (type) {
    case rules::FactType::kString: return "string";
    case rules::FactType::kNumber: return "number";
    case rules::FactType::kDuration: return "duration";
    case rules::FactType::kBool: return "bool";
    case rules::FactType::kScalar: return "scalar";
  }
  return {};
}

std::string name_in_table(const rules::FactInfo& fact) { return std::string(fact.name) + (fact.family ? "NAME" : ""); }

// A fact's row as it must be: name, type, unit, doc line, and the values of one that has few.
std::string row_of(const rules::FactInfo& fact) {
  std::string values;
  if (!fact.values.empty()) {
    values = " (one of `" + std::string(fact.values) + "`)";
    for (std::size_t at; (at = values.find('|')) != std::string::npos;) values.replace(at, 1, "` `");
  }
  return "| `" + name_in_table(fact) + "` | " + type_in_words(fact.type) + " | " + std::string(fact.unit) + " | " + std::string(fact.doc) +
         values + " |\n";
}

std::string with_commas(std::size_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, ",");
  return digits;
}

// A section's text, from its heading to the next one.
std::string section(const std::string& heading) {
  const std::size_t begin = guide().find("\n" + heading + "\n");
  REQUIRE(begin != std::string::npos);
  return guide().substr(begin, guide().find("\n##", begin + 1) - begin);
}

}  // namespace

TEST_CASE("the guide has a row for each fact, as the registry describes it") {
  const std::string facts = section("## 3. Facts");
  for (const rules::FactInfo& fact : rules::fact_registry()) {
    INFO(row_of(fact));
    CHECK(facts.find(row_of(fact)) != std::string::npos);
  }
}

TEST_CASE("the guide's table of facts has nothing that is no fact") {
  std::multiset<std::string> known, listed;
  for (const rules::FactInfo& fact : rules::fact_registry()) known.insert(name_in_table(fact));
  const std::string facts = section("## 3. Facts");
  for (std::size_t at = 0; (at = facts.find("\n| `", at)) != std::string::npos;) {
    at += 4;
    listed.insert(facts.substr(at, facts.find('`', at) - at));
  }
  CHECK(listed == known);
}

TEST_CASE("the guide names the limits as they are") {
  const std::string limits = section("## 10. Named limits");
  for (const std::size_t limit :
       {rules::kMaxRuleFileBytes, rules::kMaxRules, rules::kMaxSegments, rules::kMaxConditionDepth, rules::kMaxConditionNodes, rules::kMaxRegexBytes,
        rules::kMaxValuesOfFact,
        rules::kMaxSequenceSteps, rules::kMaxNameBytes, rules::kMaxVariants, rules::kMaxOfferBytes, rules::kMaxQuickReplies, rules::kMaxDiagnostics,
        rules::kMaxSubjectBytes, rules::kMaxTabs, rules::kMaxRememberedEvents, rules::kMaxRememberedBytes, rules::kMaxAttributes, rules::kMaxTags,
        rules::kMaxOrderIds, rules::kMaxEventData, rules::kMaxJournalLineBytes, rules::kMaxRulesLineBytes}) {
    INFO(with_commas(limit));
    CHECK(limits.find(' ' + with_commas(limit)) != std::string::npos);
  }
}

TEST_CASE("the guide names every operator") {
  const std::string tests = section("### Tests");
  for (int op = 0; op <= static_cast<int>(rules::Operator::kExists); ++op) {
    const std::string name(name_of(static_cast<rules::Operator>(op)));
    INFO(name);
    CHECK(tests.find("`" + name + "`") != std::string::npos);
  }
}

TEST_CASE("the guide explains every verdict") {
  for (int verdict = 0; verdict <= static_cast<int>(rules::Verdict::kFire); ++verdict) {
    const std::string name(name_of(static_cast<rules::Verdict>(verdict)));
    INFO(name);
    CHECK(guide().find("\n| `" + name + "` |") != std::string::npos);
  }
}
