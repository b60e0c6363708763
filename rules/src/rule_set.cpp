#include "beckon/rules/rule_set.hpp"

#include <algorithm>
#include <cstdio>

#include "program.hpp"

namespace beckon::rules {
namespace {

constexpr std::string_view kVerdictNames[] = {"off",    "limit",    "chat_active", "no_consent", "pressure", "no_operator",
                                              "hidden", "outranked", "control",     "shadow",     "fire"};
constexpr std::string_view kOfferEndNames[] = {"accepted", "dismissed", "ignored", "withdrawn", "chat", "replaced"};

void collect_query_names(const Condition& condition, QueryNames& names) {
  if (condition.kind == Condition::Kind::kFact && condition.fact == FactId::kPageQuery) names.push_back(condition.member);
  for (const Condition& child : condition.children) collect_query_names(child, names);
}

std::string counted(double number) {
  char text[32];
  std::snprintf(text, sizeof text, "%.0f", number);
  return text;
}

std::string rounded(double number) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", number);
  return text;
}

}  // namespace

std::string_view name_of(Verdict verdict) { return kVerdictNames[static_cast<std::size_t>(verdict)]; }
std::string_view name_of(OfferEnd end) { return kOfferEndNames[static_cast<std::size_t>(end)]; }

RuleSet::RuleSet(RuleFile file, CompileOptions options) : file_(std::move(file)) {
  salt_ = file_.salt.value_or(std::move(options.site));
  for (const Segment& segment : file_.segments) collect_query_names(segment.condition, query_names_);
  for (const Rule& rule : file_.rules) collect_query_names(rule.when, query_names_);
  std::sort(query_names_.begin(), query_names_.end());
  query_names_.erase(std::unique(query_names_.begin(), query_names_.end()), query_names_.end());
  for (std::uint32_t i = 0; i < file_.rules.size(); ++i) by_id_.emplace(file_.rules[i].id, i);
  program_ = detail::compile(file_);
}

RuleSet::~RuleSet() = default;

std::shared_ptr<const RuleSet> RuleSet::compile(RuleFile file, CompileOptions options) {
  return std::shared_ptr<const RuleSet>(new RuleSet(std::move(file), std::move(options)));
}

std::optional<std::uint32_t> RuleSet::find(std::string_view id) const {
  const auto found = by_id_.find(std::string(id));
  return found == by_id_.end() ? std::nullopt : std::optional<std::uint32_t>(found->second);
}

std::string to_words(const Why& why, const RuleSet& rules) {
  const std::string whose = why.of_file ? "all rules together: " : "";
  const auto reached = [&](const char* where) {
    return whose + counted(why.number) + " of " + counted(why.bound) + " " + where;
  };
  const auto quiet = [&](const char* since) {
    return whose + "less than " + format_duration(Duration(static_cast<std::int64_t>(why.bound))) + " since " + since;
  };
  switch (why.kind) {
    case Why::Kind::kNone: return {};
    case Why::Kind::kModeOff: return "its mode is off";
    case Why::Kind::kPerPage: return reached("on this page");
    case Why::Kind::kPerVisit: return reached("in this visit");
    case Why::Kind::kPerVisitor: return reached("for this visitor");
    case Why::Kind::kEvery: return quiet("the last one");
    case Why::Kind::kAfterDismiss: return quiet("one was dismissed");
    case Why::Kind::kAfterAccept: return quiet("one was accepted");
    case Why::Kind::kChatActive: return "a chat is under way";
    case Why::Kind::kNoConsent: return "the visitor has not consented";
    case Why::Kind::kPressure: return "pressure " + rounded(why.number) + " is not below " + rounded(why.bound);
    case Why::Kind::kNoFreeSlot: return "no operator has a free slot";
    case Why::Kind::kNoSkill: return "nobody of the skill has a free slot";
    case Why::Kind::kTabHidden: return "the tab is hidden";
    case Why::Kind::kOnScreen: return "an offer of \"" + rules.rules()[why.rule].id + "\" is on screen";
    case Why::Kind::kHoldout: return "hash " + rounded(why.number) + " is below the holdout " + rounded(why.bound);
    case Why::Kind::kFileHoldout:
      return "hash " + rounded(why.number) + " is below the file's holdout " + rounded(why.bound);
    case Why::Kind::kShadowMode: return "its mode is shadow";
  }
  return {};
}

}  // namespace beckon::rules
