#include "protocol/frames.hpp"

#include <array>

namespace beckon::protocol {

std::string_view name_of(EventKind kind) {
  static constexpr std::array<std::string_view, 11> kNames = {
      "page", "cart", "order", "event", "attr", "visible", "hidden", "activity", "exit_intent", "scroll", "leave"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string_view name_of(Outcome outcome) {
  static constexpr std::array<std::string_view, 3> kNames = {"shown", "accepted", "dismissed"};
  return kNames[static_cast<std::size_t>(outcome)];
}

std::int64_t id_of(const ClientFrame& frame) {
  return std::visit([](const auto& f) { return f.id; }, frame);
}

}  // namespace beckon::protocol
