// Makes a failing scenario small: lines, rules, conditions and members go as long as it still fails.
// Thread safety: free functions, may be called from any thread.
#pragma once

#include <functional>

#include "rules/property/scenario.hpp"

namespace beckon::property {

// Whether the scenario (which may be invalid: then no) still shows what is being hunted.
using StillFails = std::function<bool(const Scenario&)>;

// A scenario for which `still_fails`, and of which nothing more can be taken away, within a bounded number of tries.
Scenario shrink(Scenario failing, const StillFails& still_fails);

}  // namespace beckon::property
