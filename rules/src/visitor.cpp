#include "beckon/rules/visitor.hpp"

#include "beckon/rules/rule_set.hpp"
#include "program.hpp"
#include "visitor_state.hpp"

namespace beckon::rules {

detail::VisitorState& Inspector::state(Visitor& visitor) { return *visitor.state_; }
const detail::VisitorState& Inspector::state(const Visitor& visitor) { return *visitor.state_; }

Visitor::Visitor(std::unique_ptr<detail::VisitorState> state) : state_(std::move(state)) {}
Visitor::Visitor(Visitor&&) noexcept = default;
Visitor& Visitor::operator=(Visitor&&) noexcept = default;
Visitor::~Visitor() = default;

std::string_view Visitor::id() const { return state_->id(); }
Instant Visitor::now() const { return state_->now; }
Instant Visitor::next_deadline() const { return state_->deadline; }
bool Visitor::chat_active() const { return state_->chat_active; }
bool Visitor::in_visit() const { return state_->in_visit; }
std::optional<bool> Visitor::consent_said() const {
  return state_->consent_said ? std::optional<bool>(bool{state_->consent}) : std::nullopt;
}

std::vector<std::string_view> Visitor::open_tabs() const {
  std::vector<std::string_view> tabs;
  for (const detail::Tab& tab : state_->tabs) {
    if (tab.open()) tabs.push_back(tab.id());
  }
  return tabs;
}

std::optional<OnScreen> Visitor::on_screen() const {
  if (!state_->extra || !state_->extra->screen) return std::nullopt;
  const detail::Screen& screen = *state_->extra->screen;
  return OnScreen{screen.index, screen.tab, screen.since};
}

std::size_t Visitor::memory_bytes() const {
  const detail::VisitorState& v = *state_;
  std::size_t bytes = sizeof v + v.texts.memory_bytes() + v.attributes.memory_bytes() + v.counters.memory_bytes() +
                      v.history.memory_bytes() + v.tabs.memory_bytes();
  for (const detail::Tab& tab : v.tabs) {
    bytes += tab.texts.memory_bytes() + tab.classes.memory_bytes(v.rules->program().row) + tab.patterns.memory_bytes();
    if (tab.extra) {
      bytes += sizeof *tab.extra + tab.extra->waiting.memory_bytes() + tab.extra->counters.memory_bytes() +
               tab.extra->held.memory_bytes() + tab.extra->fires.memory_bytes() + tab.extra->matches.memory_bytes();
    }
  }
  if (v.extra) {
    bytes += sizeof *v.extra + v.extra->order_ids.memory_bytes() + v.extra->tags.memory_bytes() +
             v.extra->records.memory_bytes() + v.extra->verdicts.memory_bytes() + v.extra->matches.memory_bytes() +
             (v.extra->screen ? sizeof(detail::Screen) : 0) +
             v.extra->windows.capacity() * sizeof(detail::Compact<detail::Match>);
    for (const auto& window : v.extra->windows) bytes += window.memory_bytes();
  }
  return bytes;
}

}  // namespace beckon::rules
