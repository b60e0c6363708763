#include "core/visitor.hpp"

#include "core/shard_core.hpp"

namespace beckon::core {

void Visitor::ring(base::Instant due) { site.shard.visitor_due(*this, due); }

std::size_t Visitor::connections() const {
  return static_cast<std::size_t>(
      std::count_if(loads.begin(), loads.end(), [](const auto& load) { return load->link != nullptr; }));
}

PageLoad* Visitor::load_of(std::string_view tab) const {
  const auto found = std::find_if(loads.rbegin(), loads.rend(), [&](const auto& load) { return load->tab == tab; });
  return found == loads.rend() ? nullptr : found->get();
}

PageLoad* Visitor::find_load(std::string_view tab, std::string_view session) const {
  const auto found = std::find_if(loads.begin(), loads.end(),
                                  [&](const auto& load) { return load->tab == tab && load->session == session; });
  return found == loads.end() ? nullptr : found->get();
}

bool Visitor::shows_page(std::string_view tab) const {
  const auto tabs = state.open_tabs();
  return std::find(tabs.begin(), tabs.end(), tab) != tabs.end();
}

bool Visitor::consents() const {
  return state.consent_said().value_or(site.settings->consent == ConsentMode::kGranted);
}

}  // namespace beckon::core
