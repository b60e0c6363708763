#include "warnings_shadow.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "canonical.hpp"
#include "source_line.hpp"
#include "topics.hpp"

namespace beckon::rules {
namespace {

constexpr std::size_t kMaxTriesPerRule = 16;  // proofs attempted to find what outranks one rule
constexpr std::size_t kMaxTries = 40'000;     // … and in one file
constexpr std::size_t kMaxLooks = 2'000'000;  // rules and groups of them looked at in one file

// How A keeps B from the screen.
enum class Cover { kNone, kNever, kUntilClosed };

bool only_per_page(const Limit& limit) {
  return !limit.per_visit && !limit.per_visitor && !limit.every && !limit.after_dismiss && !limit.after_accept;
}

bool only_within_visit(const Limit& limit) {
  return !limit.per_visitor && !limit.every && !limit.after_dismiss && !limit.after_accept;
}

bool needs_operator(const Rule& rule) { return rule.needs.operator_free || !rule.needs.skill.empty(); }

// What A's limits and stay would prove of rules whose condition implies A's.
Cover cover_of(const Rule& a, const Limit& file) {
  if (a.holdout > 0) return Cover::kNone;
  if (file.per_visitor == 1u) return Cover::kNever;
  if (file.per_visit == 1u && only_within_visit(a.limit)) return Cover::kNever;
  if (file.per_page == 1u && only_per_page(a.limit)) return Cover::kNever;
  // An operator who leaves takes the offer along, and a duration ends by itself: then B is free to show.
  if (needs_operator(a) || a.until.kind == Until::Kind::kDuration) return Cover::kNone;
  const bool stays = a.until.kind == Until::Kind::kVisit ? only_within_visit(a.limit) : only_per_page(a.limit);
  return stays ? Cover::kUntilClosed : Cover::kNone;
}

// No verdict before `outranked` keeps A and lets B pass.
bool passes_where(const Rule& a, const Rule& b) {
  if (a.needs.consent && !b.needs.consent) return false;
  if (!a.ignore_pressure && b.ignore_pressure) return false;
  if (a.needs.operator_free && !needs_operator(b)) return false;
  return a.needs.skill.empty() || a.needs.skill == b.needs.skill;
}

// A test that a condition asks for in any case, and that few others ask for: `page.path` is "/checkout".
void collect_anchors(const Condition& condition, const RuleFile& file, std::vector<std::string>& anchors) {
  if (condition.kind == Condition::Kind::kSegment) {
    collect_anchors(file.segments[condition.segment].condition, file, anchors);
  }
  if (condition.kind == Condition::Kind::kAll) {
    for (const Condition& child : condition.children) collect_anchors(child, file, anchors);
  }
  if (condition.kind != Condition::Kind::kFact) return;
  for (const Comparison& comparison : condition.test.all) {
    if (comparison.op == Operator::kEq && std::holds_alternative<std::string>(comparison.operands[0])) {
      anchors.push_back(detail::fact_key(condition.fact, condition.member) + detail::canonical(comparison));
    }
  }
}

// What a condition speaks of, as bits.
std::uint64_t topics(const Condition& condition, const RuleFile& file) {
  std::uint64_t bits = 0;
  for_each_topic(condition, file, [&](std::uint64_t topic) { bits |= std::uint64_t{1} << topic % 64; });
  return bits;
}

// Of these, what a condition must speak of that implies this one: of alternatives any one will do.
std::uint64_t required_topics(const Condition& condition, const RuleFile& file) {
  if (condition.kind == Condition::Kind::kSegment) {
    return required_topics(file.segments[condition.segment].condition, file);
  }
  if (condition.children.empty() || condition.kind == Condition::Kind::kHeld) return topics(condition, file);
  const bool any = condition.kind == Condition::Kind::kAny;
  std::uint64_t bits = any ? ~std::uint64_t{0} : 0;
  for (const Condition& child : condition.children) {
    const std::uint64_t required = required_topics(child, file);
    bits = any ? bits & required : bits | required;
  }
  return bits;
}

class ShadowSearch {
 public:
  ShadowSearch(Report& report, const RuleFile& file, const std::vector<SourceRange>& ids, Prover& prover)
      : report_(report), file_(file), ids_(ids), prover_(prover) {}

  // Looks at the rules in the order in which they are considered.
  void look_at(std::size_t index) {
    const Rule& rule = file_.rules[index];
    const bool may_cover = cover_of(rule, file_.limit) != Cover::kNone;
    if (!may_cover && anchored_.empty() && groups_.empty()) return;
    std::vector<std::string> anchors;
    collect_anchors(rule.when, file_, anchors);
    if (find_cover(index, anchors) || !may_cover) return;
    if (anchors.empty()) {
      groups_[required_topics(rule.when, file_)].push_back(index);
    } else {
      anchored_[anchors.front()].push_back(index);
    }
  }

 private:
  bool find_cover(std::size_t index, const std::vector<std::string>& anchors) {
    std::size_t tries = std::min(kMaxTriesPerRule, tries_left_);
    tries_left_ -= tries;
    const bool found = find_cover_within(tries, index, anchors);
    tries_left_ += tries;  // what was not needed
    return found;
  }

  bool find_cover_within(std::size_t& tries, std::size_t index, const std::vector<std::string>& anchors) {
    if (tries == 0) return false;
    const std::uint64_t bits = topics(file_.rules[index].when, file_);
    Prover::Hypothesis holds(prover_, file_.rules[index].when);
    for (const std::string& anchor : anchors) {
      const auto found = anchored_.find(anchor);
      if (found != anchored_.end() && try_each(found->second, index, holds, tries)) return true;
    }
    for (const auto& [topic_bits, rules] : groups_) {
      // What a rule does not speak of it cannot imply.
      if (looks_left_ == 0) return false;
      --looks_left_;
      if ((topic_bits & ~bits) == 0 && try_each(rules, index, holds, tries)) return true;
      if (tries == 0) return false;
    }
    return false;
  }

  bool try_each(const std::vector<std::size_t>& candidates, std::size_t index, Prover::Hypothesis& holds,
                std::size_t& tries) {
    for (const std::size_t candidate : candidates) {
      const Rule& a = file_.rules[candidate];
      const Rule& b = file_.rules[index];
      if (tries == 0 || looks_left_ == 0) return false;
      --looks_left_;
      if (!passes_where(a, b)) continue;
      --tries;
      if (!holds.implies(a.when)) continue;
      report(candidate, index);
      return true;
    }
    return false;
  }

  void report(std::size_t a, std::size_t b) {
    const std::string first = "rule " + quoted(file_.rules[a].id), second = "rule " + quoted(file_.rules[b].id);
    const bool never = cover_of(file_.rules[a], file_.limit) == Cover::kNever;
    report_
        .warning("shadowed-rule", ids_[b],
                 never ? second + " never shows: " + first + " always comes first, and the file's limit allows only one"
                       : second + " always comes after " + first + ", and shows only once that was closed",
                 "give it a higher priority, or narrow the other's condition")
        .notes.push_back({ids_[a], first + " holds whenever " + quoted(file_.rules[b].id) + " does"});
  }

  Report& report_;
  const RuleFile& file_;
  const std::vector<SourceRange>& ids_;
  Prover& prover_;
  std::size_t tries_left_ = kMaxTries;
  std::size_t looks_left_ = kMaxLooks;
  // Rules that may cover others, in the order in which they are considered: by a text they ask for, else by their
  // topics.
  std::unordered_map<std::string, std::vector<std::size_t>> anchored_;
  std::map<std::uint64_t, std::vector<std::size_t>> groups_;
};

}  // namespace

void warn_of_shadows(Report& report, const RuleFile& file, const std::vector<SourceRange>& ids, Prover& prover,
                     const std::vector<bool>& fires) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < file.rules.size(); ++i) {
    if (fires[i] && is_offer(file.rules[i])) order.push_back(i);
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return file.rules[a].priority > file.rules[b].priority; });
  ShadowSearch search(report, file, ids, prover);
  for (const std::size_t index : order) search.look_at(index);
}

}  // namespace beckon::rules
