// The JSON Schema of rule files: what never changes is in schema_text.hpp, the facts come from the registry.
#include <span>
#include <string>

#include "beckon/rules/limits.hpp"
#include "beckon/rules/rule_file.hpp"
#include "schema_text.hpp"

namespace beckon::rules {
namespace {

using namespace schema;

std::string operators(std::string_view value, std::string_view more) {
  const std::string one(value);
  std::string out =
      "{\n          \"type\": \"object\",\n          \"minProperties\": 1,\n          \"additionalProperties\": "
      "false,\n"
      "          \"properties\": {\n";
  const auto add = [&](std::string_view name, std::string_view description, const std::string& schema) {
    out += "            \"" + std::string(name) + "\": { \"description\": \"" + std::string(description) + "\", " +
           schema + " },\n";
  };
  const std::string list = "\"type\": \"array\", \"minItems\": 1, \"items\": { " + one + " }";
  add("eq", "equal", one);
  add("ne", "not equal", one);
  add("in", "one of", list);
  add("not_in", "not one of", list);
  if (more != "bool") {
    const std::string ordered = more == "scalar" ? R"("type": ["number", "string"])" : one;
    add("lt", "less than", ordered);
    add("lte", "at most", ordered);
    add("gt", "more than", ordered);
    add("gte", "at least", ordered);
    add("between", "from, to, both included",
        "\"type\": \"array\", \"minItems\": 2, \"maxItems\": 2, \"items\": { " + ordered + " }");
  }
  if (more == "string" || more == "scalar") {
    add("prefix", "begins with", R"("type": "string")");
    add("suffix", "ends with", R"("type": "string")");
    add("contains", "contains", R"("type": "string")");
    add("glob", "matches as a whole: * any run without /, ** any run, ? one character but /", R"("type": "string")");
    add("regex", "matches somewhere, RE2 syntax",
        "\"type\": \"string\", \"maxLength\": " + std::to_string(kMaxRegexBytes));
  }
  out += "            \"exists\": { \"description\": \"has a value\", \"type\": \"boolean\" }\n          }\n        }";
  return out;
}

// A test on values of one kind: one of them, a list of them, or operators.
std::string test(std::string_view value, std::string_view more) {
  const std::string one(value);
  return "{\n      \"anyOf\": [\n        { " + one +
         " },\n        { \"type\": \"array\", \"minItems\": 1, \"items\": { " + one + " } },\n        " +
         operators(value, more) + "\n      ]\n    }";
}

std::string tests() {
  std::string out;
  const auto add = [&](std::string_view name, std::string_view value, std::string_view more) {
    out += "    \"" + std::string(name) + "\": " + test(value, more) + ",\n";
  };
  add("stringTest", R"("type": "string")", "string");
  add("numberTest", R"("type": "number")", "number");
  add("durationTest", R"("$ref": "#/$defs/duration")", "duration");
  add("boolTest", R"("type": "boolean")", "bool");
  add("scalarTest", R"("type": ["string", "number", "boolean"])", "scalar");
  for (const FactInfo& info : fact_registry()) {
    if (info.values.empty()) continue;
    std::string values = "\"enum\": [\"";
    for (const char c : info.values) values += c == '|' ? std::string("\", \"") : std::string(1, c);
    add(std::string(info.name) + "Test", values + "\"]", "string");
  }
  return out;
}

std::string_view test_of(FactType type) {
  switch (type) {
    case FactType::kString:
      return "stringTest";
    case FactType::kNumber:
      return "numberTest";
    case FactType::kDuration:
      return "durationTest";
    case FactType::kBool:
      return "boolTest";
    case FactType::kScalar:
      return "scalarTest";
  }
  return {};
}

std::string fact_schema(const FactInfo& info) {
  const std::string test = info.values.empty() ? std::string(test_of(info.type)) : std::string(info.name) + "Test";
  const std::string unit = info.unit.empty() ? "" : " (" + std::string(info.unit) + ")";
  return "{ \"description\": \"" + std::string(info.doc) + unit + "\", \"$ref\": \"#/$defs/" + test + "\" }";
}

std::string condition() {
  std::string plain, families;
  for (const FactInfo& info : fact_registry()) {
    if (!info.family) {
      plain += ",\n        \"" + std::string(info.name) + "\": " + fact_schema(info);
      continue;
    }
    std::string pattern;
    for (const char c : info.name) pattern += c == '.' ? std::string("\\\\.") : std::string(1, c);
    families +=
        std::string(families.empty() ? "" : ",") + "\n        \"^" + pattern + ".{1,64}$\": " + fact_schema(info);
  }
  return std::string(kConditionHead) + plain + "\n      },\n      \"patternProperties\": {" + families +
         "\n      }\n    },\n";
}

// In a rule null removes a default.
enum class Nulls { kAllowed, kRefused };

std::string properties(std::span<const Entry> entries, Nulls nulls) {
  std::string out;
  for (const Entry& entry : entries) {
    std::string schema(entry.schema);
    if (nulls == Nulls::kAllowed) {
      // "limit" and "needs" of a rule may hold nulls too.
      for (const std::string_view inner : {"limit", "needs"}) {
        if (entry.name == inner) schema = "\"$ref\": \"#/$defs/rule." + std::string(inner) + "\"";
      }
      schema = "\"anyOf\": [{ " + schema + " }, { \"type\": \"null\" }]";
    }
    out += std::string(out.empty() ? "" : ",") + "\n        \"" + std::string(entry.name) +
           "\": { \"description\": \"" + std::string(entry.description) + "\", " + schema + " }";
  }
  return out;
}

std::string object(std::span<const Entry> entries, Nulls nulls) {
  return "{\n      \"type\": \"object\",\n      \"additionalProperties\": false,\n      \"properties\": {" +
         properties(entries, nulls) + "\n      }\n    }";
}

std::string limits_and_needs() {
  std::string out;
  for (const Nulls nulls : {Nulls::kRefused, Nulls::kAllowed}) {
    const std::string prefix = nulls == Nulls::kAllowed ? "rule." : "";
    out +=
        "    \"" + prefix + "limit\": { \"anyOf\": [{ \"const\": \"none\" }, " + object(kLimitKeys, nulls) + "] },\n";
    out += "    \"" + prefix + "needs\": " + object(kNeedsKeys, nulls) + ",\n";
  }
  return out;
}

std::string rule_and_defaults() {
  return std::string(kRuleHead) + properties(kOptions, Nulls::kAllowed) +
         "\n      }\n    },\n    \"defaults\": " + object(kOptions, Nulls::kRefused) + "\n";
}

}  // namespace

std::string rule_file_schema() {
  std::string out(kHead);
  out += tests();
  out += condition();
  out += kActions;
  out += kPressure;
  out += limits_and_needs();
  out += kVariant;
  out += rule_and_defaults();
  return out + "  }\n}\n";
}

}  // namespace beckon::rules
