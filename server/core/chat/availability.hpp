// The desk, as visitors are told of it. The operators' side implements it (core/desk/); a site without a desk has
// nobody there.
//
// Thread safety: none; it belongs to its shard's thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "store/chat_records.hpp"

namespace beckon::core {

enum class DeskState : std::uint8_t {
  kOpen,    // somebody is free
  kBusy,    // operators are there, none is free
  kAway,    // nobody is there, within opening hours
  kClosed,  // outside them
};
// As the wire writes it: "open".
[[nodiscard]] std::string_view name_of(DeskState state);

struct DeskSight {
  DeskState state = DeskState::kAway;
  std::optional<std::uint32_t> position;  // of a waiting conversation; 1: next
  std::optional<base::Duration> wait;     // that it may take; empty: nothing is known
  std::optional<base::Instant> opens;     // kClosed: when; empty: not known
  friend bool operator==(const DeskSight&, const DeskSight&) = default;
};

// An operator as visitors see them.
struct OperatorCard {
  std::string name, picture;
  bool away = false;  // not at the desk now
};

class Availability {
 public:
  virtual ~Availability() = default;
  // `conversation`: whose visitor asks; nullptr: one who has none.
  [[nodiscard]] virtual DeskSight sight(const store::Conversation* conversation) const = 0;
  // Empty: not known.
  [[nodiscard]] virtual std::optional<OperatorCard> card(const base::OperatorId& id) const = 0;
};

}  // namespace beckon::core
