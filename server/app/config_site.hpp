// The part of the configuration that is one site.
#pragma once

#include "app/config.hpp"
#include "app/config_check.hpp"

namespace beckon::app {

// Reads one element of `sites`; what is wrong goes to `check`.
[[nodiscard]] SiteConfig read_site(const json::Value& value, const ConfigSurroundings& surroundings,
                                   ConfigChecker& check);

}  // namespace beckon::app
