#include "warnings_shadow.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "canonical.hpp"
#include "source_line.hpp"

namespace beckon::rules {
namespace {

constexpr std::size_t kMaxTriesPerRule = 32;  // proofs attempted to find what outranks one rule

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
  if (!only_per_page(a.limit)) return Cover::kNone;
  if (file.per_page == 1u) return Cover::kNever;
  // An operator who leaves takes the offer along, and a duration ends by itself: then B is free to show.
  return needs_operator(a) || a.until.kind == Until::Kind::kDuration ? Cover::kNone : Cover::kUntilClosed;
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
  if (condition.kind == Condition::Kind::kSegment) collect_anchors(file.segments[condition.segment].condition, file, anchors);
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

// Which kinds of facts a condition speaks of, as bits; facts that tell of one another share a bit.
std::uint64_t topics(const Condition& condition, const RuleFile& file) {
  static_assert(static_cast<int>(FactId::kSiteWeekday) < 60);
  std::uint64_t bits = 0;
  switch (condition.kind) {
    case Condition::Kind::kFact: {
      FactId fact = condition.fact;
      if (fact == FactId::kVisitorReturning || fact == FactId::kVisitorSinceLastVisit) fact = FactId::kVisitNumber;
      if (fact == FactId::kVisitorPressureState) fact = FactId::kVisitorPressure;
      if (fact == FactId::kPageVisible || fact == FactId::kPageIdle || fact == FactId::kVisitDuration) fact = FactId::kPageDwell;
      return std::uint64_t{1} << static_cast<int>(fact);
    }
    case Condition::Kind::kSegment: return topics(file.segments[condition.segment].condition, file);
    case Condition::Kind::kEvent: return std::uint64_t{1} << 60;
    case Condition::Kind::kSequence: return std::uint64_t{1} << 61;
    case Condition::Kind::kHeld: bits = std::uint64_t{1} << 62; break;
    default: break;
  }
  for (const Condition& child : condition.children) bits |= topics(child, file);
  return bits;
}

class ShadowSearch {
 public:
  ShadowSearch(Report& report, const RuleFile& file, const std::vector<SourceRange>& ids, Prover& prover)
      : report_(report), file_(file), ids_(ids), prover_(prover) {}

  // Looks at the rules in the order in which they are considered.
  void look_at(std::size_t index) {
    const Rule& rule = file_.rules[index];
    const std::uint64_t bits = topics(rule.when, file_);
    std::vector<std::string> anchors;
    collect_anchors(rule.when, file_, anchors);
    const bool covered = find_cover(index, bits, anchors);
    if (covered || cover_of(rule, file_.limit) == Cover::kNone) return;
    if (anchors.empty()) {
      groups_[bits].push_back(index);
    } else {
      anchored_[anchors.front()].push_back(index);
    }
  }

 private:
  bool find_cover(std::size_t index, std::uint64_t bits, const std::vector<std::string>& anchors) {
    std::size_t tries = kMaxTriesPerRule;
    for (const std::string& anchor : anchors) {
      const auto found = anchored_.find(anchor);
      if (found != anchored_.end() && try_each(found->second, index, tries)) return true;
    }
    for (const auto& [topic_bits, rules] : groups_) {
      // What a rule does not speak of it cannot imply.
      if ((topic_bits & ~bits) == 0 && try_each(rules, index, tries)) return true;
      if (tries == 0) return false;
    }
    return false;
  }

  bool try_each(const std::vector<std::size_t>& candidates, std::size_t index, std::size_t& tries) {
    for (const std::size_t candidate : candidates) {
      const Rule& a = file_.rules[candidate];
      const Rule& b = file_.rules[index];
      if (!passes_where(a, b)) continue;
      if (tries == 0) return false;
      --tries;
      if (!prover_.implies(b.when, a.when)) continue;
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
                       : second + " always comes after " + first + ", and shows only where that was closed before",
                 "give it a higher priority, or narrow the other's condition")
        .notes.push_back({ids_[a], first + " holds whenever " + quoted(file_.rules[b].id) + " does"});
  }

  Report& report_;
  const RuleFile& file_;
  const std::vector<SourceRange>& ids_;
  Prover& prover_;
  // Rules that may cover others, in the order in which they are considered: by a text they ask for, else by their topics.
  std::unordered_map<std::string, std::vector<std::size_t>> anchored_;
  std::map<std::uint64_t, std::vector<std::size_t>> groups_;
};

}  // namespace

void warn_of_shadows(Report& report, const RuleFile& file, const std::vector<SourceRange>& ids, Prover& prover, const std::vector<bool>& fires) {
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
