// The engine in a process of its own, so that a crash or an endless loop is a difference like any other, and can be
// shrunk. Thread safety: none (it forks).
#pragma once

#include <string>
#include <vector>

#include "rules/property/scenario.hpp"

namespace beckon::property {

// As engine_decisions; where the engine does not return, one line "crashed: signal N" (SIGALRM: it took too long).
std::vector<std::string> engine_decisions_isolated(const Scenario& scenario);

}  // namespace beckon::property
