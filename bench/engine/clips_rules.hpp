// LC-RULES-1 in the language of CLIPS, and the C library that runs it.
//
// A visitor is one fact with a slot for each property. A rule is one pattern on it:
//   (defrule r12 (visitor (url2 /s03/c07/) (lang L01|L04) (cart ?cart&:(>= ?cart 5000))) => (fired 12))
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lc_rules.hpp"

extern "C" {
#include <clips/clips.h>
}

namespace beckon::bench::clips {

// The properties of a visitor, rare and lasting ones first.
enum Property {
  kUrl2,
  kUrl1,
  kUtm,
  kRef,
  kAttr,
  kCountry = kAttr + kAttributes,
  kLang,
  kDevice,
  kRet,
  kEvent,
  kPages = kEvent + kEventNames,
  kCart,
  kSite,
  kDwell,
  kProperties
};

// The template of the fact: the properties as slots in the order of the enumeration, then `v`, the visitor.
inline constexpr int kVisitorSlot = kProperties, kSlots = kProperties + 1;
[[nodiscard]] std::string template_text();

struct Condition {
  int property;
  const Leaf* leaf;
  bool negated;
};

// The order in which a rule's pattern has its conditions: CLIPS tests them one behind the other, and rules share what they
// begin with alike. As its author wrote them, or as somebody who knows the traffic would write them for CLIPS: in the order of
// properties.
enum class Order : std::uint8_t { kAsWritten, kRareFirst };

// One way in which a rule can hold: a leaf of each part. `any` makes several, which is what CLIPS makes of an `or` as well.
using Alternative = std::vector<Condition>;
[[nodiscard]] std::vector<Alternative> alternatives_of(const BenchRule& rule, Order order);
[[nodiscard]] std::string rule_text(const Alternative& alternative, std::size_t number);

// "/s03/c07/p11.html" → "/s03/" or "/s03/c07/", for kUrl1 and kUrl2.
[[nodiscard]] std::string prefix_of(const std::string& url, int property);

// Thresholds of time that rules ask for, ms, ascending.
struct Thresholds {
  std::vector<std::int64_t> dwells, sites;
  void add(const Condition& condition);
  void sort();
};

// An environment of the library. Its rules call `(fired NUMBER)`.
class Environment {
 public:
  Environment();
  ~Environment();
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

  // Ends this program when CLIPS refuses the construct.
  void build(const std::string& construct);
  // Lets it fire; the numbers of the rules that did, valid until the next call.
  const std::vector<std::uint32_t>& run();
  [[nodiscard]] void* get() const { return clips_; }
  [[nodiscard]] double bytes() const;

 private:
  static void fired(void* environment);
  void* clips_;
  std::vector<std::uint32_t> fired_;
};

using Bits = std::vector<std::uint64_t>;
inline bool has(const Bits& bits, std::size_t number) { return bits[number / 64] >> (number % 64) & 1; }
inline void add(Bits& bits, std::size_t number) { bits[number / 64] |= std::uint64_t{1} << (number % 64); }

}  // namespace beckon::bench::clips
