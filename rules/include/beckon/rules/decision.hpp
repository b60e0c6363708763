// What the engine decides, and why.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "beckon/rules/time.hpp"

namespace beckon::rules {

// In the order in which they are looked for: rules.md, section 5.
enum class Verdict : std::uint8_t {
  kOff, kLimit, kChatActive, kNoConsent, kPressure, kNoOperator, kHidden, kOutranked, kControl, kShadow, kFire,
};
// As decisions write it: "no_operator".
[[nodiscard]] std::string_view name_of(Verdict verdict);

// The reason of a verdict, as data; to_words() makes the sentence when somebody asks for it.
struct Why {
  enum class Kind : std::uint8_t {
    kNone, kModeOff, kPerPage, kPerVisit, kPerVisitor, kEvery, kAfterDismiss, kAfterAccept,
    kChatActive, kNoConsent, kPressure, kNoFreeSlot, kNoSkill, kTabHidden, kOnScreen, kHoldout, kFileHoldout, kShadowMode,
  };
  Kind kind = Kind::kNone;
  bool of_file = false;    // the limit is the file's, not the rule's
  double number = 0;       // the count that is reached; the pressure; the hash that fell under the holdout
  double bound = 0;        // the limit; `over`; the holdout
  Instant ends = kNever;   // when a quiet time is over
  std::uint32_t rule = 0;  // kOnScreen: the rule of the offer on screen
};

struct Decision {
  Instant t{};
  std::uint32_t rule = 0;  // index into RuleSet::rules()
  Verdict verdict = Verdict::kFire;
  std::uint8_t variant = 0;
  std::string tab;
  Why why;
};

// How an offer left the screen. `kChat`: a chat started. `kReplaced`: its rule is gone from a reloaded file.
enum class OfferEnd : std::uint8_t { kAccepted, kDismissed, kIgnored, kWithdrawn, kChat, kReplaced };
[[nodiscard]] std::string_view name_of(OfferEnd end);

struct EndedOffer {
  Instant t{};
  std::string rule;  // id, as it was when the offer fired
  std::string tab;
  OfferEnd end = OfferEnd::kIgnored;
};

// What one call of the engine gave, in order. Reuse it: the engine appends, its caller clears.
struct Output {
  std::vector<Decision> decisions;
  std::vector<EndedOffer> ended;
  void clear() {
    decisions.clear();
    ended.clear();
  }
};

}  // namespace beckon::rules
