#include "check_actions.hpp"

#include <algorithm>

#include "beckon/rules/limits.hpp"
#include "check_offer.hpp"
#include "check_values.hpp"

namespace beckon::rules {
namespace {

using json::Type;

// A name or a list of names.
void read_names(Report& report, const json::Value& value, std::string_view what, std::vector<std::string>& names) {
  if (!value.is(Type::kArray)) {
    if (!value.is(Type::kString)) return expected(report, value, "a name or a list of names");
    if (const auto name = read_name(report, value, what)) names.emplace_back(*name);
    return;
  }
  if (value.size() == 0) report.error("empty", range_of(value), "\"" + std::string(value.name()) + "\" is empty");
  if (value.size() > kMaxTags) {
    report.error("too-many", range_of(value),
                 "at most " + std::to_string(kMaxTags) + " names, here " + std::to_string(value.size()));
    return;
  }
  for (const json::Value* item = value.first(); item; item = item->next()) {
    if (const auto name = read_name(report, *item, what)) names.emplace_back(*name);
  }
}

void read_tag(Report& report, const json::Value& value, Actions& out) { read_names(report, value, "a tag", out.tags); }
void read_emit(Report& report, const json::Value& value, Actions& out) {
  read_names(report, value, "an event", out.emits);
}
void read_route(Report& report, const json::Value& value, Actions& out) {
  if (const auto name = read_name(report, value, "a skill or group")) out.route = *name;
}

constexpr Key<Actions> kActionKeys[] = {{"invite", read_invite}, {"call", read_call}, {"survey", read_survey},
                                        {"tag", read_tag},       {"emit", read_emit}, {"route", read_route}};

void refuse_second_offer(Report& report, const json::Value& then) {
  const json::Value* first = nullptr;
  for (const json::Value* member = then.first(); member; member = member->next()) {
    if (member->name() != "invite" && member->name() != "call" && member->name() != "survey") continue;
    if (!first) {
      first = member;
      continue;
    }
    report
        .error("conflict", report.key_range(*member), "one offer at a time: this is the second",
               "make a rule or a variant of it")
        .notes.push_back({report.key_range(*first), "the first is here"});
  }
}

struct VariantTarget {
  Variant variant;
};

constexpr Key<VariantTarget> kVariantKeys[] = {
    {"weight",
     [](Report& r, const json::Value& v, VariantTarget& t) {
       const auto weight = read_number(r, v);
       if (weight && *weight <= 0) {
         r.error("bad-number", range_of(v), "\"weight\" must be more than 0", "leave the variant out");
       } else if (weight) {
         t.variant.weight = *weight;
       }
     }},
    {"then", [](Report& r, const json::Value& v, VariantTarget& t) { read_actions(r, v, t.variant.then); }},
};

bool is_alnum(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

}  // namespace

std::string_view name_of(Actions::Offer offer) {
  switch (offer) {
    case Actions::Offer::kNone:
      return "";
    case Actions::Offer::kInvite:
      return "invite";
    case Actions::Offer::kCall:
      return "call";
    case Actions::Offer::kSurvey:
      return "survey";
  }
  return "";
}

void read_actions(Report& report, const json::Value& value, Actions& out) {
  if (!value.is(Type::kObject)) {
    expected(report, value, "an object of actions",
             value.is(Type::kArray) ? "put all actions into one object" : "write {\"invite\": {\"text\": \"…\"}}");
    return;
  }
  if (value.size() == 0) {
    report.error("empty", range_of(value), "\"then\" does nothing",
                 "an action is \"invite\", \"call\", \"survey\", \"tag\", \"emit\" or \"route\"");
    return;
  }
  refuse_second_offer(report, value);
  read_object(report, value, "\"then\"", kActionKeys, out);
}

void read_variant_list(Report& report, const json::Value& list, std::vector<Variant>& out) {
  if (list.size() == 0) {
    report.error("empty", range_of(list), "\"variants\" is empty");
    return;
  }
  if (list.size() > kMaxVariants) {
    report.error("too-many", range_of(list),
                 "a rule has at most " + std::to_string(kMaxVariants) + " variants, this one has " +
                     std::to_string(list.size()));
    return;
  }
  for (const json::Value* item = list.first(); item; item = item->next()) {
    VariantTarget target;
    if (!read_object(report, *item, "a variant", kVariantKeys, target)) continue;
    if (!item->find("then")) missing(report, *item, "a variant", "then");
    out.push_back(std::move(target.variant));
  }
}

bool is_language_tag(std::string_view tag) {
  std::size_t part = 0;
  while (true) {
    const std::size_t dash = std::min(tag.find('-'), tag.size());
    const std::string_view subtag = tag.substr(0, dash);
    const bool letters =
        std::all_of(subtag.begin(), subtag.end(), [](char c) { return is_alnum(c) && !(c >= '0' && c <= '9'); });
    const bool fits =
        part == 0 ? letters && subtag.size() >= 2 && subtag.size() <= 3 : !subtag.empty() && subtag.size() <= 8;
    if (!fits || !std::all_of(subtag.begin(), subtag.end(), is_alnum)) return false;
    if (dash == tag.size()) return true;
    tag.remove_prefix(dash + 1);
    ++part;
  }
}

bool is_safe_link(std::string_view link) {
  if (std::any_of(link.begin(), link.end(), [](unsigned char c) {
        return c <= 0x20 || c == 0x7F || c == '\\' || c == '"' || c == '<' || c == '>';
      })) {
    return false;
  }
  if (link.starts_with('/')) return !link.starts_with("//");
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (link.size() <= scheme.size()) continue;
    const bool same = std::equal(scheme.begin(), scheme.end(), link.begin(),
                                 [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? b + 32 : b); });
    // No user@host: it is how a foreign host is dressed up.
    if (same) {
      const std::string_view rest = link.substr(scheme.size());
      const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
      return !authority.empty() && authority.find('@') == std::string_view::npos;
    }
  }
  return false;
}

}  // namespace beckon::rules
