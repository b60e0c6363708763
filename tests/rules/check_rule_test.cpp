// What a rule says beside its condition: defaults, limits, actions.
#include <catch2/catch.hpp>

#include "beckon/rules/rule_file.hpp"

namespace beckon::rules {
namespace {

using namespace std::chrono_literals;

RuleFile file_of(const std::string& text) {
  CheckResult result = check(text);
  for (const Diagnostic& diagnostic : result.diagnostics) UNSCOPED_INFO(render(diagnostic, "test", text));
  REQUIRE(result.file);
  return std::move(*result.file);
}

// One rule with these keys, under these defaults.
Rule rule_of(const std::string& keys, const std::string& defaults = "{}") {
  return file_of("{\"defaults\": " + defaults +
                 ", \"rules\": [{\"id\": \"a\", \"when\": {\"page.path\": \"/\"}, \"then\": {\"tag\": \"x\"}" +
                 (keys.empty() ? "" : ", " + keys) + "}]}")
      .rules[0];
}

Actions actions_of(const std::string& then) {
  return file_of("{\"rules\": [{\"id\": \"a\", \"when\": {\"page.path\": \"/\"}, \"then\": " + then + "}]}")
      .rules[0]
      .variants[0]
      .then;
}

TEST_CASE("A rule that says nothing has the defaults of the language") {
  const Rule rule = rule_of("");
  CHECK(rule.limit.per_visit == 1u);
  CHECK_FALSE(rule.limit.per_page);
  CHECK_FALSE(rule.limit.every);
  CHECK(rule.until.kind == Until::Kind::kPage);
  CHECK(rule.mode == Mode::kLive);
  CHECK(rule.holdout == 0);
  CHECK(rule.priority == 0);
  CHECK_FALSE(rule.ignore_pressure);
  CHECK_FALSE(rule.needs.operator_free);
  CHECK_FALSE(rule.has_variants);
  CHECK(rule.variants.size() == 1);
}

TEST_CASE("Limits come from the rule, then from the defaults, key by key") {
  struct Case {
    std::string_view rule, defaults;
    Limit expected;
  };
  const Limit once{{}, 1, {}, {}, {}, {}};
  const Case kCases[] = {
      {"", R"({"limit": {"per_page": 2}})", {2, {}, {}, {}, {}, {}}},
      {R"("limit": {"every": "1d"})", R"({"limit": {"per_page": 2}})", {2, {}, {}, Duration(24h), {}, {}}},
      {R"("limit": {"per_page": 3})",
       R"({"limit": {"per_page": 2, "after_accept": "1h"}})",
       {3, {}, {}, {}, {}, Duration(1h)}},
      {R"("limit": {"per_page": null, "per_visitor": 5})", R"({"limit": {"per_page": 2}})", {{}, {}, 5, {}, {}, {}}},
      {R"("limit": {"per_page": null})", R"({"limit": {"per_page": 2}})", once},
      {R"("limit": null)", R"({"limit": {"per_page": 2}})", once},
      {R"("limit": {})", "{}", once},
      {R"("limit": {"every": null})", "{}", once},
      {R"("limit": "none")", R"({"limit": {"per_page": 2}})", {}},
      {"", R"({"limit": "none"})", {}},
      {R"("limit": {"per_visitor": 2})", R"({"limit": "none"})", {{}, {}, 2, {}, {}, {}}},
      {R"("limit": {"after_dismiss": "7d"})", "{}", {{}, {}, {}, {}, Duration(168h), {}}},
  };
  for (const Case& c : kCases) {
    INFO(c.rule << " over " << c.defaults);
    const Limit limit = rule_of(std::string(c.rule), std::string(c.defaults)).limit;
    CHECK(limit.per_page == c.expected.per_page);
    CHECK(limit.per_visit == c.expected.per_visit);
    CHECK(limit.per_visitor == c.expected.per_visitor);
    CHECK(limit.every == c.expected.every);
    CHECK(limit.after_dismiss == c.expected.after_dismiss);
    CHECK(limit.after_accept == c.expected.after_accept);
  }
}

TEST_CASE("Needs are merged key by key, and null takes one away") {
  const std::string defaults = R"({"needs": {"operator": true, "skill": "sales"}})";
  Needs needs = rule_of(R"("needs": {"consent": true})", defaults).needs;
  CHECK(needs.operator_free);
  CHECK(needs.skill == "sales");
  CHECK(needs.consent);
  needs = rule_of(R"("needs": {"operator": null, "skill": "support"})", defaults).needs;
  CHECK_FALSE(needs.operator_free);
  CHECK(needs.skill == "support");
  needs = rule_of(R"("needs": null)", defaults).needs;
  CHECK_FALSE(needs.operator_free);
  CHECK(needs.skill.empty());
}

TEST_CASE("The other keys come from the rule, else from the defaults, and null takes a default away") {
  const std::string defaults =
      R"({"about": "d", "until": "visit", "holdout": 0.2, "priority": 7, "ignore_pressure": true, "mode": "shadow"})";
  const Rule inherited = rule_of("", defaults);
  CHECK(inherited.about == "d");
  CHECK(inherited.until.kind == Until::Kind::kVisit);
  CHECK(inherited.holdout == 0.2);
  CHECK(inherited.priority == 7);
  CHECK(inherited.ignore_pressure);
  CHECK(inherited.mode == Mode::kShadow);
  const Rule own =
      rule_of(R"("about": "o", "until": "30s", "holdout": 0, "priority": -1, "ignore_pressure": false, "mode": "off")",
              defaults);
  CHECK(own.about == "o");
  CHECK(own.until.kind == Until::Kind::kDuration);
  CHECK(own.until.duration == 30s);
  CHECK(own.holdout == 0);
  CHECK(own.priority == -1);
  CHECK_FALSE(own.ignore_pressure);
  CHECK(own.mode == Mode::kOff);
  const Rule removed = rule_of(
      R"("about": null, "until": null, "holdout": null, "priority": null, "ignore_pressure": null, "mode": null)",
      defaults);
  CHECK(removed.about.empty());
  CHECK(removed.until.kind == Until::Kind::kPage);
  CHECK(removed.holdout == 0);
  CHECK(removed.priority == 0);
  CHECK_FALSE(removed.ignore_pressure);
  CHECK(removed.mode == Mode::kLive);
}

TEST_CASE("Variants of the defaults are for rules that say no then of their own") {
  const RuleFile file =
      file_of(R"({"defaults": {"variants": [{"weight": 3, "then": {"tag": "a"}}, {"then": {"tag": "b"}}]}, "rules": [
      {"id": "inherits", "when": {"page.path": "/"}}, {"id": "own", "when": {"page.path": "/"}, "then": {"tag": "c"}}]})");
  CHECK(file.rules[0].has_variants);
  REQUIRE(file.rules[0].variants.size() == 2);
  CHECK(file.rules[0].variants[0].weight == 3);
  CHECK(file.rules[0].variants[1].weight == 1);
  CHECK_FALSE(file.rules[1].has_variants);
  CHECK(file.rules[1].variants[0].then.tags == std::vector<std::string>{"c"});
}

TEST_CASE("The file's own settings") {
  const RuleFile file = file_of(R"({"limit": {"per_visit": 3, "every": "1m"}, "holdout": 0.1, "salt": "s",
      "pressure": {"half_life": "1d", "dismissed": 4, "over": 6}, "rules": []})");
  CHECK(file.limit.per_visit == 3u);
  CHECK(file.limit.every == Duration(1min));
  CHECK(file.holdout == 0.1);
  CHECK(file.salt == "s");
  CHECK(file.pressure.half_life == 24h);
  CHECK(file.pressure.dismissed == 4);
  CHECK(file.pressure.shown == 1);
  CHECK(file.pressure.over == 6);
  const RuleFile plain = file_of(R"({"rules": []})");
  CHECK(plain.limit.none());
  CHECK(plain.salt == std::nullopt);
  CHECK(plain.pressure.half_life == 168h);
}

TEST_CASE("An offer is its object as compact JSON, and its text by language") {
  const Actions actions =
      actions_of(R"({ "invite": { "text": { "en": "Hi <you>", "fr": "Salut" }, "style": "bar", // why
      "card": { "title": "T", "price": "5 €", }, } })");
  CHECK(actions.offer == Actions::Offer::kInvite);
  CHECK(name_of(actions.offer) == "invite");
  CHECK(actions.offer_json ==
        "{\"text\":{\"en\":\"Hi "
        "\\u003cyou>\",\"fr\":\"Salut\"},\"style\":\"bar\",\"card\":{\"title\":\"T\",\"price\":\"5 €\"}}");
  CHECK(actions.offer_text == LocalText{{"en", "Hi <you>"}, {"fr", "Salut"}});
  CHECK(actions_of(R"({"invite": {"text": "Hi"}})").offer_text == LocalText{{"", "Hi"}});
}

TEST_CASE("Names of actions are one or a list") {
  const Actions actions = actions_of(R"({"tag": ["a", "b"], "emit": "e", "route": "sales"})");
  CHECK(actions.offer == Actions::Offer::kNone);
  CHECK(actions.offer_json.empty());
  CHECK(actions.tags == std::vector<std::string>{"a", "b"});
  CHECK(actions.emits == std::vector<std::string>{"e"});
  CHECK(actions.route == "sales");
}

TEST_CASE("A file with warnings only is there; one with an error is not") {
  const CheckResult doubtful = check(R"({"segments": {"s": {"page.path": "/"}}, "rules": []})");
  CHECK(doubtful.file);
  CHECK(doubtful.diagnostics.size() == 1);
  CHECK_FALSE(has_errors(doubtful.diagnostics));
  const CheckResult wrong = check(R"({"rules": [1]})");
  CHECK_FALSE(wrong.file);
  CHECK(has_errors(wrong.diagnostics));
}

}  // namespace
}  // namespace beckon::rules
