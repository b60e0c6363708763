// The checker: from text to a RuleFile, or to everything that is wrong with it.
#include <algorithm>
#include <cctype>

#include "beckon/json/reader.hpp"
#include "beckon/rules/limits.hpp"
#include "beckon/rules/rule_file.hpp"
#include "check_condition.hpp"
#include "check_fact_values.hpp"
#include "check_options.hpp"
#include "check_rules.hpp"
#include "check_segments.hpp"
#include "check_values.hpp"
#include "source_line.hpp"
#include "warnings.hpp"

namespace beckon::rules {
namespace {

using json::Type;

constexpr std::string_view kFileKeys[] = {"$schema", "segments", "defaults", "limit",
                                          "holdout", "salt",     "pressure", "rules"};

// The members of the file's object; nullptr for those it does not have.
struct Parts {
  const json::Value *schema = nullptr, *segments = nullptr, *defaults = nullptr, *limit = nullptr, *holdout = nullptr,
                    *salt = nullptr, *pressure = nullptr, *rules = nullptr;
};

Parts take_apart(Report& report, const json::Value& root) {
  Parts parts;
  const json::Value** places[] = {&parts.schema,  &parts.segments, &parts.defaults, &parts.limit,
                                  &parts.holdout, &parts.salt,     &parts.pressure, &parts.rules};
  for (const json::Value* member = root.first(); member; member = member->next()) {
    const auto key = std::find(std::begin(kFileKeys), std::end(kFileKeys), member->name());
    if (member->name() == "tests") {
      report.error("unknown-key", report.key_range(*member), "this is a file of tests, not of rules",
                   "run it with: beckon rules test FILE");
    } else if (key == std::end(kFileKeys)) {
      unknown_key(report, *member, "a rule file", kFileKeys);
    } else {
      *places[key - std::begin(kFileKeys)] = member;
    }
  }
  return parts;
}

void read_segments(Report& report, const json::Value& object, SegmentNames& names, std::vector<Segment>& segments) {
  if (!expect(report, object, Type::kObject)) return;
  if (object.size() > kMaxSegments) {
    report.error("too-many", report.key_range(object),
                 "a file holds at most " + std::to_string(kMaxSegments) + " segments, this one has " +
                     std::to_string(object.size()));
  }
  // Names first: a segment may use one that comes after it.
  for (const json::Value* member = object.first(); member; member = member->next()) {
    check_name(report, report.key_range(*member), member->name(), "a segment");
    names.emplace(member->name(), segments.size());
    Segment& segment = segments.emplace_back();
    segment.name = member->name();
    segment.where = member_range(*member);
  }
  std::size_t index = 0;
  for (const json::Value* member = object.first(); member; member = member->next()) {
    read_condition(report, *member, names, segments[index++].condition);
  }
}

void read_salt(Report& report, const json::Value& value, RuleFile& file) {
  if (!expect(report, value, Type::kString)) return;
  if (value.string().find('\0') != std::string_view::npos) {
    report.error("bad-value", range_of(value), "\"salt\" has no NUL character");
    return;
  }
  file.salt = value.string();
}

void read_file(Report& report, const json::Value& root, RuleFile& file) {
  if (!root.is(Type::kObject)) {
    expected(report, root, "an object", root.is(Type::kArray) ? "write {\"rules\": [ … ]}" : "");
    return;
  }
  const Parts parts = take_apart(report, root);
  if (parts.schema) expect(report, *parts.schema, Type::kString);
  SegmentNames segments;
  if (parts.segments) read_segments(report, *parts.segments, segments, file.segments);
  if (parts.limit) read_file_limit(report, *parts.limit, file.limit);
  if (parts.holdout) file.holdout = read_number_in(report, *parts.holdout, "holdout", 0, 1).value_or(0);
  if (parts.salt) read_salt(report, *parts.salt, file);
  if (parts.pressure) read_pressure(report, *parts.pressure, file.pressure);
  RuleOptions defaults;
  if (parts.defaults) read_defaults(report, *parts.defaults, defaults);
  if (parts.rules) {
    read_rules(report, *parts.rules, defaults, segments, file);
  } else {
    missing(report, root, "a rule file", "rules", "a file without rules says \"rules\": []");
  }
  const std::vector<Extent> extents = check_segments(report, file.segments);
  for (const Rule& rule : file.rules) check_extent(report, rule.when, extents);
  check_fact_values(report, file);
}

// One behind the word, number or closed string that begins there; else behind one character.
std::size_t end_of_token(std::string_view text, std::size_t begin) {
  if (begin >= text.size()) return text.size();
  const auto is_word = [](unsigned char c) { return std::isalnum(c) || c == '_' || c == '.' || c == '-' || c == '+'; };
  std::size_t end = begin + 1;
  if (text[begin] == '"') {
    while (end < text.size() && text[end] != '"' && text[end] != '\n') end += text[end] == '\\' ? 2 : 1;
    return end < text.size() && text[end] == '"' ? end + 1 : begin + 1;
  }
  while (is_word(static_cast<unsigned char>(text[begin])) && end < text.size() &&
         is_word(static_cast<unsigned char>(text[end])))
    ++end;
  return end;
}

Diagnostic syntax_error(std::string_view text, const json::Error& error) {
  const std::size_t begin = std::min(error.offset, text.size());
  return {Severity::kError, "syntax", {begin, end_of_token(text, begin)}, error.message, {}, {}};
}

}  // namespace

CheckResult check(std::string_view text) {
  CheckResult result;
  if (text.size() > kMaxRuleFileBytes) {
    result.diagnostics.push_back({Severity::kError,
                                  "too-large",
                                  {kMaxRuleFileBytes, kMaxRuleFileBytes},
                                  "a rule file has at most " + std::to_string(kMaxRuleFileBytes) +
                                      " bytes, this one has " + std::to_string(text.size()),
                                  {},
                                  {}});
    return result;
  }
  const json::ParseResult parsed =
      json::parse(text, {.dialect = json::Dialect::kCommented, .max_bytes = kMaxRuleFileBytes});
  if (!parsed.document) {
    result.diagnostics.push_back(syntax_error(text, *parsed.error));
    return result;
  }
  Report report(text);
  RuleFile file;
  read_file(report, parsed.document->root(), file);
  if (!report.has_errors()) {
    warn(report, file, parsed.document->root());
    result.file = std::move(file);
  }
  result.diagnostics = report.take();
  return result;
}

}  // namespace beckon::rules
