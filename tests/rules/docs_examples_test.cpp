// What the guide shows is true: its rules compile, its numbers come out, its transcripts are what is decided.
#include <catch2/catch.hpp>
#include <cstdio>
#include <string>

#include "beckon/rules/replay.hpp"
#include "beckon/rules/trace.hpp"
#include "rules/support/guide.hpp"

using namespace beckon;
using beckon::test::blocks;
using beckon::test::guide;

namespace {

// A block that is a rule file; one that is only a condition becomes one.
std::string rule_file_of(const std::string& block) {
  if (block.find("\"rules\": [") != std::string::npos) return block;
  return "{\"rules\": [{\"id\": \"x\", \"then\": {\"tag\": \"x\"}, \"when\":\n" + block + "}]}";
}

bool is_test_file(const std::string& block) { return block.find("\"timeline\"") != std::string::npos; }

rules::RuleFile checked(const std::string& text) {
  rules::CheckResult result = rules::check(text);
  for (const rules::Diagnostic& finding : result.diagnostics) FAIL(rules::render(finding, "docs/rules.md", text));
  return std::move(*result.file);
}

class Ignoring final : public rules::ReplayListener {
 public:
  void decided(std::string_view, const rules::Decision&, const rules::RuleSet&) override {}
  void looked(const rules::Engine& engine, const rules::Visitor& visitor) override { follower.look(engine, visitor); }
  rules::Follower follower;
};

std::string rounded(double share) {
  char text[32];
  std::snprintf(text, sizeof text, "%.5f", share);
  return text;
}

}  // namespace

TEST_CASE("the guide's rules and conditions have no findings") {
  std::size_t seen = 0;
  for (const std::string& block : blocks("jsonc")) {
    if (is_test_file(block)) continue;
    checked(rule_file_of(block));
    ++seen;
  }
  CHECK(seen >= 8);
}

TEST_CASE("the guide's mistake is found as it says") {
  std::string text = blocks("jsonc").front();
  text.replace(text.find("page.dwell"), 10, "page.dwel");
  const rules::CheckResult result = rules::check(text);
  REQUIRE(result.diagnostics.size() == 1);
  CHECK(guide().find("\n```\n" + rules::render(result.diagnostics.front(), "rules.json", text) + "```\n") != std::string::npos);
}

TEST_CASE("the guide's hashes come out") {
  CHECK(guide().find("control group?  " + rounded(rules::share("winter-2026", "free-shipping", "dimitri", rules::ShareOf::kHoldout))) != std::string::npos);
  CHECK(guide().find("0.05?  " + rounded(rules::share("winter-2026", "", "dimitri", rules::ShareOf::kHoldout))) != std::string::npos);
  CHECK(guide().find("# " + rounded(rules::share("winter-2026", "free-shipping", "dimitri", rules::ShareOf::kVariant))) != std::string::npos);
}

TEST_CASE("the guide's decisions are made") {
  struct Writing final : rules::ReplayListener {
    void decided(std::string_view visitor, const rules::Decision& decision, const rules::RuleSet& set) override {
      write_decision(text, visitor, decision, set);
    }
    std::string text;
  } listener;
  rules::Replay replay(rules::RuleSet::compile(checked(blocks("jsonc").front())), listener);
  for (const auto& [t, url] : {std::pair{1767603600000, "/delivery"}, {1767603640000, "/checkout"}, {1767603660000, "/delivery"}}) {
    REQUIRE_FALSE(replay.line("{\"t\":" + std::to_string(t) + ",\"visitor\":\"anna\",\"type\":\"page\",\"url\":\"" + url + "\"}"));
  }
  replay.finish();
  CHECK(blocks("json").back() == listener.text);
}

TEST_CASE("an explanation between two events shows values as of the instant asked for") {
  Ignoring listener;
  rules::Replay replay(rules::RuleSet::compile(checked(blocks("jsonc").front())), listener);
  REQUIRE_FALSE(replay.line(R"({"t":1767603600000,"visitor":"anna","type":"page","url":"/delivery"})"));
  replay.pass(rules::at_ms(1767603615000));
  const auto trace = rules::explain(replay.engine("anna"), *replay.visitor("anna"), 0, "0");
  REQUIRE(trace);
  CHECK(trace->when.children[1].text == "page.dwell ≥ 20s");
  CHECK(trace->when.children[1].value == "15s");
  CHECK(trace->would_fire == rules::at_ms(1767603620000));
}
