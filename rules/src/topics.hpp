// What a condition speaks of, as numbers: two conditions without a topic in common cannot contradict or imply one
// another. Facts that tell of one another share a topic.
#pragma once

#include <cstdint>
#include <string_view>

#include "beckon/rules/rule_file.hpp"

namespace beckon::rules {

// Facts have their own numbers below 64; names that the admin chose are hashed on top of them.
[[nodiscard]] inline std::uint64_t topic_of(const Condition& condition) {
  constexpr std::uint64_t kEvents = 60, kSequences = 61, kHeld = 62;
  const auto hashed = [](std::uint64_t topic, std::string_view name) {
    std::uint64_t hash = 14695981039346656037u;  // FNV-1a: the same on every machine
    for (const unsigned char c : name) hash = (hash ^ c) * 1099511628211u;
    return (hash >> 20) * 64 + topic;
  };
  switch (condition.kind) {
    case Condition::Kind::kEvent:
      return hashed(kEvents, condition.steps.front().name);
    case Condition::Kind::kSequence:
      return kSequences;
    case Condition::Kind::kHeld:
      return kHeld;
    default:
      break;
  }
  FactId fact = condition.fact;
  if (fact == FactId::kVisitorReturning || fact == FactId::kVisitorSinceLastVisit) fact = FactId::kVisitNumber;
  if (fact == FactId::kVisitorPressureState) fact = FactId::kVisitorPressure;
  if (fact == FactId::kPageVisible || fact == FactId::kPageIdle || fact == FactId::kVisitDuration) {
    fact = FactId::kPageDwell;
  }
  return condition.member.empty() ? static_cast<std::uint64_t>(fact)
                                  : hashed(static_cast<std::uint64_t>(fact), condition.member);
}
static_assert(static_cast<int>(FactId::kSiteWeekday) < 60);

// Calls `each` with the topic of every test, sequence and held condition in it, segments put in.
template <class Each>
void for_each_topic(const Condition& condition, const RuleFile& file, const Each& each) {
  switch (condition.kind) {
    case Condition::Kind::kSegment:
      return for_each_topic(file.segments[condition.segment].condition, file, each);
    case Condition::Kind::kFact:
    case Condition::Kind::kEvent:
    case Condition::Kind::kSequence:
      return each(topic_of(condition));
    case Condition::Kind::kHeld:
      each(topic_of(condition));
      break;
    default:
      break;
  }
  for (const Condition& child : condition.children) for_each_topic(child, file, each);
}

}  // namespace beckon::rules
