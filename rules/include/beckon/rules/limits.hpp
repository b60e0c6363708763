// Every bound of the rules engine by name. Beyond one of them something is refused or forgotten, and says so.
#pragma once

#include <cstddef>
#include <cstdint>

namespace beckon::rules {

// A rule file.
inline constexpr std::size_t kMaxRuleFileBytes = 4 * 1024 * 1024;
inline constexpr std::size_t kMaxRules = 10'000;
inline constexpr std::size_t kMaxSegments = 1'000;
inline constexpr std::size_t kMaxConditionDepth = 32;   // conditions inside one another, segments resolved
inline constexpr std::size_t kMaxConditionNodes = 1'000;  // in one rule, segments resolved
inline constexpr std::size_t kMaxValuesOfFact = 30'000;  // that one fact is compared with in a file
inline constexpr std::size_t kMaxRegexBytes = 256;
inline constexpr std::size_t kMaxSequenceSteps = 16;
inline constexpr std::size_t kMaxNameBytes = 64;        // events, tags, attributes, keys of event data, tabs
inline constexpr std::size_t kMaxVariants = 100;        // of one rule
inline constexpr std::size_t kMaxOfferBytes = 16 * 1024;  // of one offer as JSON: it travels in one frame
inline constexpr std::size_t kMaxQuickReplies = 10;     // of one invitation
inline constexpr std::size_t kMaxDiagnostics = 200;     // then "and N more"

// What is looked at of a text that a visitor's page sent.
inline constexpr std::size_t kMaxSubjectBytes = 2 * 1024;  // of a string fact; the rest is cut

// One visitor.
inline constexpr std::size_t kMaxTabs = 32;              // then the tab unused for longest is taken as left
inline constexpr std::size_t kMaxRememberedEvents = 1'000;  // events and pages that rules ask about; then the oldest go
inline constexpr std::size_t kMaxRememberedBytes = 64 * 1024;
inline constexpr std::size_t kMaxAttributes = 64;
inline constexpr std::size_t kMaxTags = 64;
inline constexpr std::size_t kMaxOrderIds = 1'000;       // ids of orders and refunds, each of which counts once
inline constexpr std::size_t kMaxEventData = 16;         // keys of one event's data

// One journal line.
inline constexpr std::size_t kMaxJournalLineBytes = 64 * 1024;
inline constexpr std::size_t kMaxRulesLineBytes = kMaxRuleFileBytes + kMaxJournalLineBytes;  // a "rules" line carries the file
inline constexpr std::uint32_t kMaxJournalShards = 1'000;  // of a server that wrote a journal
inline constexpr std::size_t kMaxVisitorLineBytes = kMaxRulesLineBytes;  // a "visitor" line, all that is known of one

}  // namespace beckon::rules
