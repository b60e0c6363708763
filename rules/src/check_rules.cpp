#include "check_rules.hpp"

#include <algorithm>
#include <unordered_map>

#include "beckon/rules/limits.hpp"
#include "check_actions.hpp"
#include "check_values.hpp"
#include "source_line.hpp"

namespace beckon::rules {
namespace {

using json::Type;

constexpr std::size_t kMaxIdBytes = 64;

bool is_id_character(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; }

// "Cart Help!" → "cart-help".
std::string id_like(std::string_view text) {
  std::string id;
  for (char c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (is_id_character(c)) {
      id += c;
    } else if (!id.empty() && id.back() != '-') {
      id += '-';
    }
  }
  while (!id.empty() && id.back() == '-') id.pop_back();
  return id.substr(0, kMaxIdBytes);
}

// Reads the rules one by one; knows the ids so far.
class RuleReader {
 public:
  RuleReader(Report& report, const RuleOptions& defaults, const SegmentNames& segments)
      : report_(report), defaults_(defaults), segments_(segments) {
    if (defaults.variants.is_set()) read_variant_list(report, *defaults.variants.value, default_variants_);
  }

  void read(const json::Value& value, Rule& rule) {
    rule.where = range_of(value);
    if (!expect(report_, value, Type::kObject)) return;
    RuleOptions own;
    own.nulls = RuleOptions::Nulls::kRemove;
    const json::Value *id = nullptr, *when = nullptr, *then = nullptr;
    for (const json::Value* member = value.first(); member; member = member->next()) {
      if (member->name() == "id") {
        id = member;
      } else if (member->name() == "when") {
        when = member;
      } else if (member->name() == "then") {
        then = member;
      } else if (!read_option(report_, *member, own)) {
        unknown_rule_key(*member);
      }
    }
    read_id(value, id, rule);
    if (when) {
      read_condition(report_, *when, segments_, rule.when);
    } else {
      missing(report_, value, name_of_rule(rule), "when", "say on what condition it fires");
    }
    read_what(value, then, own, rule);
    apply_options(own, defaults_, rule);
  }

 private:
  static std::string name_of_rule(const Rule& rule) { return rule.id.empty() ? "a rule" : "rule " + quoted(rule.id); }

  void unknown_rule_key(const json::Value& member) {
    std::vector<std::string_view> known(option_names().begin(), option_names().end());
    known.insert(known.end(), {"id", "when", "then"});
    unknown_key(report_, member, "a rule", known);
  }

  void read_id(const json::Value& value, const json::Value* id, Rule& rule) {
    if (!id) return missing(report_, value, "a rule", "id");
    if (!expect(report_, *id, Type::kString)) return;
    const std::string_view text = id->string();
    if (text.empty() || text.size() > kMaxIdBytes || !std::all_of(text.begin(), text.end(), is_id_character)) {
      const std::string better = id_like(text);
      report_.error("bad-id", range_of(*id), "an id has 1 to " + std::to_string(kMaxIdBytes) + " of a–z, 0–9 and -",
                    better.empty() || better == text ? "" : "write \"" + better + "\"");
      return;
    }
    rule.id = text;
    const auto [first, fresh] = ids_.emplace(text, range_of(*id));
    if (fresh) return;
    report_
        .error("duplicate-id", range_of(*id), "another rule has the id " + quoted(text) + " already",
               "ids are unique in a file")
        .notes.push_back({first->second, "the first is here"});
  }

  // `then` or `variants`, its own before the defaults'.
  void read_what(const json::Value& value, const json::Value* then, const RuleOptions& own, Rule& rule) {
    if (then && own.variants.is_set()) {
      const json::Value& variants = *own.variants.value;
      report_
          .error("conflict", report_.key_range(variants), name_of_rule(rule) + " has \"then\" and \"variants\"",
                 "move what \"then\" does into a variant")
          .notes.push_back({report_.key_range(*then), "\"then\" is here"});
    }
    if (then) {
      read_actions(report_, *then, rule.variants.emplace_back().then);
      return;
    }
    const Setting<const json::Value*>& variants = own.variants.over(defaults_.variants);
    if (!variants.is_set()) {
      // A variants of another type was reported where it stands.
      if (!value.find("variants")) missing(report_, value, name_of_rule(rule), "then", "say what it does");
      return;
    }
    rule.has_variants = true;
    if (own.variants.is_set()) {
      read_variant_list(report_, *variants.value, rule.variants);
    } else {
      rule.variants = default_variants_;
    }
  }

  Report& report_;
  const RuleOptions& defaults_;
  const SegmentNames& segments_;
  std::vector<Variant> default_variants_;
  std::unordered_map<std::string_view, SourceRange> ids_;
};

}  // namespace

void read_defaults(Report& report, const json::Value& value, RuleOptions& defaults) {
  if (!expect(report, value, Type::kObject)) return;
  for (const json::Value* member = value.first(); member; member = member->next()) {
    const std::string_view name = member->name();
    if (read_option(report, *member, defaults)) continue;
    if (name == "id" || name == "when" || name == "then") {
      report.error("unknown-key", report.key_range(*member), "\"defaults\" cannot have " + quoted(name),
                   "every rule has its own");
    } else {
      unknown_key(report, *member, "\"defaults\"", option_names());
    }
  }
}

void read_rules(Report& report, const json::Value& list, const RuleOptions& defaults, const SegmentNames& segments,
                RuleFile& file) {
  if (!list.is(Type::kArray)) return expected(report, list, "a list of rules", "write \"rules\": [ {…}, {…} ]");
  RuleReader reader(report, defaults, segments);
  file.rules.reserve(std::min(list.size(), kMaxRules));
  for (const json::Value* item = list.first(); item; item = item->next()) {
    if (file.rules.size() == kMaxRules) {
      report.error(
          "too-many", range_of(*item),
          "a file holds at most " + std::to_string(kMaxRules) + " rules, this one has " + std::to_string(list.size()));
      return;
    }
    reader.read(*item, file.rules.emplace_back());
  }
}

}  // namespace beckon::rules
