// Between a visitor's state and its snapshot.
#pragma once

#include <memory>

#include "beckon/rules/snapshot.hpp"
#include "program.hpp"
#include "visitor_state.hpp"
#include "work.hpp"

namespace beckon::rules::detail {

// Everything but what follows from the rest (classes, counters, windows).
[[nodiscard]] VisitorSnapshot to_snapshot(const VisitorState& visitor, const RuleSet& rules);

// The state under the engine's rules, classes and all; no look is taken and no deadline set.
[[nodiscard]] std::unique_ptr<VisitorState> from_snapshot(EngineState& engine, std::string_view id,
                                                          const VisitorSnapshot& snapshot);

}  // namespace beckon::rules::detail
