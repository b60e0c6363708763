// Conditions that can never be true, and alternatives that always are.
#include <algorithm>
#include <cmath>
#include <limits>

#include "beckon/rules/limits.hpp"
#include "beckon/rules/words.hpp"
#include "source_line.hpp"
#include "topics.hpp"
#include "warnings.hpp"

namespace beckon::rules {
namespace {

constexpr std::size_t kMaxNotes = 4;

SourceRange range_of(const Literal& literal) {
  return literal.comparison ? literal.comparison->where : literal.condition->where;
}

bool same(const Literal& a, const Literal& b) {
  return a.condition == b.condition && a.comparison == b.comparison && a.polarity == b.polarity;
}

class ContradictionSearch {
 public:
  ContradictionSearch(Report& report, const RuleFile& file, Prover& prover)
      : report_(report), file_(file), prover_(prover), segments_(file.segments.size(), Segment::kUnseen) {}

  void look_at_segments() {
    for (std::size_t i = 0; i < segments_.size(); ++i) segment_is_never(i);
    flush();
  }

  // True when the rule's condition is never true.
  bool look_at_rule(const Rule& rule, SourceRange id) {
    const bool never = is_never(rule.when);
    if (never && !found_.empty()) found_.back().notes.push_back({id, "rule " + quoted(rule.id) + " can never fire"});
    flush();
    return never;
  }

 private:
  enum class Segment : std::uint8_t { kUnseen, kFine, kNever };

  bool segment_is_never(std::size_t segment) {
    if (segments_[segment] == Segment::kUnseen) {
      segments_[segment] = is_never(file_.segments[segment].condition) ? Segment::kNever : Segment::kFine;
    }
    return segments_[segment] == Segment::kNever;
  }

  // Looks at the parts first, so that what is found is as small as can be.
  bool is_never(const Condition& condition) {
    std::size_t never = 0;
    for (const Condition& child : condition.children) never += is_never(child) ? 1 : 0;
    switch (condition.kind) {
      case Condition::Kind::kAll:
        return never > 0 || contradicts_itself(condition);
      case Condition::Kind::kAny:
        return never == condition.children.size() || (never == 0 && always(condition));
      case Condition::Kind::kNone:
        return contradicts_itself(condition);
      case Condition::Kind::kHeld:
        return never > 0;
      case Condition::Kind::kSegment:
        return refers_to_never(condition);
      case Condition::Kind::kFact:
      case Condition::Kind::kEvent:
        return contradicts_itself(condition);
      case Condition::Kind::kSequence:
        return false;
    }
    return false;
  }

  bool refers_to_never(const Condition& reference) {
    if (!segment_is_never(reference.segment)) return false;
    add("never-true", reference.where, "segment " + quoted(file_.segments[reference.segment].name) + " is never true");
    return true;
  }

  bool contradicts_itself(const Condition& condition) {
    if (!may_clash(condition)) return false;
    if (is_test(condition) && passes_some_value(condition)) return false;
    const auto clash = prover_.refute({{&condition, Polarity::kHolds}});
    if (clash) report_clash(condition, *clash);
    return clash.has_value();
  }

  static bool is_test(const Condition& condition) {
    return condition.kind == Condition::Kind::kFact || condition.kind == Condition::Kind::kEvent;
  }

  static bool passes_some_value(const Condition& test) {
    Domain domain = test.kind == Condition::Kind::kFact ? Domain::of_fact(test.fact) : Domain::of_count();
    for (const Comparison& comparison : test.test.all) domain.restrict(comparison, Polarity::kHolds);
    return !domain.empty();
  }

  // Reports alternatives of which one always holds; that is not "never".
  bool always(const Condition& any) {
    if (any.children.size() < 2 || !may_clash(any) || !prover_.refute({{&any, Polarity::kFails}})) return false;
    add("always-true", any.where, "one of these is always true", "so this \"any\" asks for nothing");
    return false;
  }

  // Quick to say what needs no proof: tests of different facts go together, each of which was looked at before.
  bool may_clash(const Condition& condition) {
    if (is_test(condition)) return is_bounded(condition);
    topics_.clear();
    bool bounded = false;
    for (const Condition& child : condition.children) bounded = bounded || is_bounded(child);
    // An excluded or alternative test may always hold.
    if (bounded && condition.kind != Condition::Kind::kAll) return true;
    for_each_topic(condition, file_, [this](std::uint64_t topic) { topics_.push_back(topic); });
    std::sort(topics_.begin(), topics_.end());
    return std::adjacent_find(topics_.begin(), topics_.end()) != topics_.end();
  }

  // A test that may hold for no value that its fact has, or for all: quick to say no. Where every value of its type can
  // be met, a test that nothing passes was refused when it was read.
  static bool is_bounded(const Condition& condition) {
    constexpr double kEndless = std::numeric_limits<double>::infinity();
    if (condition.kind == Condition::Kind::kEvent) return is_near(condition.test, 0, kMaxRememberedEvents);
    if (condition.kind != Condition::Kind::kFact) return false;
    const auto& comparisons = condition.test.all;
    const FactInfo& info = fact_info(condition.fact);
    if (!info.values.empty() || std::any_of(comparisons.begin(), comparisons.end(),
                                            [](const Comparison& c) { return c.op == Operator::kExists; })) {
      return true;
    }
    if (info.type != FactType::kNumber && info.type != FactType::kDuration) return false;
    switch (condition.fact) {
      case FactId::kPageScroll:
        return is_near(condition.test, 0, 100);
      case FactId::kSiteHour:
        return is_near(condition.test, 0, 23);
      case FactId::kVisitNumber:
        return is_near(condition.test, 1, kEndless);
      default:
        return is_near(condition.test, 0, kEndless);
    }
  }

  // Not every number that the test names is a whole one between the two, which therefore passes or fails for some.
  static bool is_near(const Test& test, double low, double high) {
    if (test.all.size() > 1) return true;
    const std::vector<Scalar>& operands = test.all.front().operands;
    return std::any_of(operands.begin(), operands.end(), [&](const Scalar& operand) {
      const auto* duration = std::get_if<Duration>(&operand);
      const double x = duration ? static_cast<double>(duration->count()) : std::get<double>(operand);
      return x <= low || x >= high || x != std::floor(x);
    });
  }

  void report_clash(const Condition& condition, const Clash& clash) {
    if (clash.alternative) {
      add("contradiction", condition.where, "these never hold together")
          .notes.push_back({clash.alternative->where, "none of these can hold beside the others"});
      return;
    }
    std::vector<Literal> literals;
    for (const Literal& literal : clash.literals) {
      if (std::none_of(literals.begin(), literals.end(), [&](const Literal& l) { return same(l, literal); })) {
        literals.push_back(literal);
      }
    }
    reduce(literals);
    const Literal last = literals.back();
    if (literals.size() == 1) {
      report_single(last);
      return;
    }
    // A clash that lies within a segment's own tests would have been found there: this is where it meets the others.
    const bool pair = literals.size() == 2;
    Diagnostic& found = add("contradiction", range_of(last),
                            pair ? in_words(literals.front()) + " and " + in_words(last) + " never hold together"
                                 : in_words(last) + " never holds beside the others");
    for (std::size_t i = 0; i + 1 < literals.size() && i < kMaxNotes; ++i) {
      found.notes.push_back({range_of(literals[i]), in_words(literals[i]) + " is asked for here"});
    }
  }

  void report_single(const Literal& literal) {
    const bool excluded = literal.polarity == Polarity::kFails;
    if (!excluded && literal.comparison->op == Operator::kExists) {
      add("never-true", range_of(literal), subject_to_words(*literal.condition) + " always has a value");
      return;
    }
    const std::string words = in_words({literal.condition, literal.comparison, Polarity::kHolds});
    add("never-true", range_of(literal), words + (excluded ? " always holds, and is excluded here" : " is never true"),
        hint_of(literal));
  }

  // Leaves the fewest tests that contradict one another: two where that is enough.
  static void reduce(std::vector<Literal>& literals) {
    const Literal last = literals.back();
    if (last.comparison && leaves_nothing({last})) {
      literals = {last};
      return;
    }
    for (const Literal& other : literals) {
      if (!leaves_nothing({other, last})) continue;
      literals = {other, last};
      return;
    }
  }

  static bool leaves_nothing(const std::vector<Literal>& literals) {
    const Condition& first = *literals.front().condition;
    if (!literals.front().comparison) return literals.front().polarity != literals.back().polarity;
    Domain domain = first.kind == Condition::Kind::kFact ? Domain::of_fact(first.fact) : Domain::of_count();
    for (const Literal& literal : literals) {
      if (literal.condition->kind != first.kind || literal.condition->fact != first.fact) return false;
      if (literal.comparison) domain.restrict(*literal.comparison, literal.polarity);
    }
    return domain.empty();
  }

  std::string in_words(const Literal& literal) const {
    const std::string words = literal.comparison
                                  ? subject_to_words(*literal.condition) + ' ' + to_words(*literal.comparison)
                                  : whole_in_words(*literal.condition);
    return literal.polarity == Polarity::kHolds ? words : "not (" + words + ")";
  }

  std::string whole_in_words(const Condition& condition) const {
    return condition.kind == Condition::Kind::kHeld ? "\"held\" for " + format_duration(condition.duration)
                                                    : to_words(condition, file_);
  }

  static std::string hint_of(const Literal& literal) {
    if (literal.condition->kind == Condition::Kind::kEvent) {
      return "a count is a whole number, and at most " + std::to_string(kMaxRememberedEvents) +
             " events of a visitor are remembered";
    }
    return literal.condition->kind == Condition::Kind::kFact ? range_hint(literal.condition->fact) : "";
  }

  static std::string range_hint(FactId fact) {
    switch (fact) {
      case FactId::kPageScroll:
        return "page.scroll is a number from 0 to 100";
      case FactId::kSiteHour:
        return "site.hour is a whole number from 0 to 23";
      case FactId::kVisitNumber:
        return "visit.number is 1 in the first visit";
      default:
        return "";
    }
  }

  Diagnostic& add(std::string_view code, SourceRange where, std::string message, std::string hint = {}) {
    return found_.emplace_back(
        Diagnostic{Severity::kWarning, std::string(code), where, std::move(message), std::move(hint), {}});
  }

  void flush() {
    for (Diagnostic& diagnostic : found_) report_.add(std::move(diagnostic));
    found_.clear();
  }

  Report& report_;
  const RuleFile& file_;
  Prover& prover_;
  std::vector<Segment> segments_;
  std::vector<std::uint64_t> topics_;  // of the condition being looked at
  std::vector<Diagnostic> found_;      // about the rule being looked at
};

}  // namespace

std::vector<bool> warn_of_contradictions(Report& report, const RuleFile& file, const json::Value& root,
                                         Prover& prover) {
  ContradictionSearch search(report, file, prover);
  search.look_at_segments();
  const std::vector<SourceRange> ids = id_ranges(root);
  std::vector<bool> never;
  for (std::size_t i = 0; i < file.rules.size(); ++i) never.push_back(search.look_at_rule(file.rules[i], ids[i]));
  return never;
}

}  // namespace beckon::rules
