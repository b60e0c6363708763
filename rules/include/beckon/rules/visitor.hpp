// One visitor's state inside the engine. Opaque: what is in it is the engine's; hosts move it, keep it, wake it.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "beckon/rules/decision.hpp"
#include "beckon/rules/time.hpp"

namespace beckon::rules {

namespace detail {
struct VisitorState;
}

// The offer that a visitor has on screen.
struct OnScreen {
  std::uint32_t rule = 0;
  std::string_view tab;  // lives until the visitor's next event
  Instant since{};
};

// Thread safety: none; it belongs to the thread of its Engine.
class Visitor {
 public:
  Visitor(Visitor&&) noexcept;
  Visitor& operator=(Visitor&&) noexcept;
  ~Visitor();
  [[nodiscard]] std::string_view id() const;
  // The latest instant that the visitor has reached.
  [[nodiscard]] Instant now() const;
  // The earliest later instant at which anything about this visitor could change; kNever when nothing is pending.
  [[nodiscard]] Instant next_deadline() const;
  // A visit is open: it began and has not timed out.
  [[nodiscard]] bool in_visit() const;
  [[nodiscard]] std::vector<std::string_view> open_tabs() const;  // those that show a page
  [[nodiscard]] std::optional<OnScreen> on_screen() const;
  // A chat has started and not ended.
  [[nodiscard]] bool chat_active() const;
  // What the visitor decided; empty when nothing was said.
  [[nodiscard]] std::optional<bool> consent_said() const;
  // Bytes of memory that this visitor takes, its own and what it points to.
  [[nodiscard]] std::size_t memory_bytes() const;

 private:
  friend class Engine;
  friend struct Inspector;
  explicit Visitor(std::unique_ptr<detail::VisitorState> state);
  std::unique_ptr<detail::VisitorState> state_;
};

}  // namespace beckon::rules
