#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "beckon/rules/rule_file.hpp"
#include "schema_validator.hpp"

namespace beckon::rules {
namespace {

namespace fs = std::filesystem;

const fs::path kFolder = fs::path(BECKON_SOURCE_DIR) / "tests/rules/diagnostics";

json::ParseResult parse_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return json::parse(text.str(), {.dialect = json::Dialect::kCommented});
}

std::string why_not(const SchemaValidator& schema, std::string_view text) {
  const json::ParseResult parsed = json::parse(text, {.dialect = json::Dialect::kCommented});
  return parsed.document ? schema.why_not(parsed.document->root()) : "no JSON";
}

std::string with_condition(std::string_view condition) {
  return "{\"rules\": [{\"id\": \"a\", \"when\": " + std::string(condition) + ", \"then\": {\"tag\": \"x\"}}]}";
}

TEST_CASE("The schema knows every fact, with its doc line") {
  const std::string schema = rule_file_schema();
  const json::ParseResult parsed = json::parse(schema);
  REQUIRE(parsed.document);
  const json::Value& condition = *parsed.document->root().find("$defs")->find("condition");
  for (const FactInfo& info : fact_registry()) {
    INFO(info.name);
    if (info.family) {
      std::string pattern = "^";
      for (const char c : info.name) pattern += c == '.' ? "\\." : std::string(1, c);
      CHECK(condition.find("patternProperties")->find(pattern + ".{1,64}$"));
    } else {
      const json::Value* fact = condition.find("properties")->find(info.name);
      REQUIRE(fact);
      CHECK(fact->find("description")->string().starts_with(info.doc));
    }
  }
}

TEST_CASE("What the checker accepts, the schema accepts") {
  const SchemaValidator schema(rule_file_schema());
  for (const auto& entry : fs::directory_iterator(kFolder / "good")) {
    INFO(entry.path().filename());
    const json::ParseResult parsed = parse_file(entry.path());
    REQUIRE(parsed.document);
    CHECK(schema.why_not(parsed.document->root()) == "");
  }
}

TEST_CASE("The schema accepts a test of every kind on every fact of that kind") {
  const SchemaValidator schema(rule_file_schema());
  for (const FactInfo& info : fact_registry()) {
    const std::string name = std::string(info.name) + (info.family ? "x" : "");
    std::string value = "\"a\"";
    if (info.type == FactType::kNumber) value = "5";
    if (info.type == FactType::kDuration) value = "\"1h30m\"";
    if (info.type == FactType::kBool) value = "true";
    if (!info.values.empty()) value = '"' + std::string(info.values.substr(0, info.values.find('|'))) + '"';
    for (const std::string& test :
         {value, "[" + value + "]", "{\"ne\": " + value + "}", std::string("{\"exists\": false}")}) {
      const std::string text = with_condition("{\"" + name + "\": " + test + "}");
      INFO(text);
      CHECK(why_not(schema, text) == "");
      CHECK(check(text).file);
    }
    INFO(name);
    CHECK(why_not(schema, with_condition("{\"" + name + "\": null}")) != "");
  }
}

TEST_CASE("The schema refuses what an editor should underline") {
  const SchemaValidator schema(rule_file_schema());
  for (const std::string_view condition :
       {R"({"page.dwel": 1})", R"({"page.dwell": {"gte": 45}})", R"({"page.path": 7})",
        R"({"visitor.device": "phone"})", R"({"all": []})", R"({"all": [{"page.path": "/"}], "page.path": "/"})",
        R"({"event": "a", "page.path": "/"})", R"({"held": {"page.path": "/"}})", R"({"within": "1m"})",
        R"({"sequence": [{"page": "/", "event": "a"}]})", R"({"page.path": {}})", R"({"cart.value": {"prefix": "8"}})",
        R"({})", R"([])"}) {
    INFO(condition);
    CHECK(why_not(schema, with_condition(condition)) != "");
  }
  CHECK(why_not(schema, "{}") != "");
  CHECK(why_not(schema, R"({"rules": [], "ruls": []})") != "");
}

}  // namespace
}  // namespace beckon::rules
