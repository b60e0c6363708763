// The part of the configuration that is one site.
#pragma once

#include <string>
#include <string_view>

#include "app/config.hpp"
#include "app/config_check.hpp"

namespace beckon::app {

// Reads one element of `sites`; what is wrong goes to `check`.
[[nodiscard]] SiteConfig read_site(const json::Value& value, const ConfigSurroundings& surroundings,
                                   ConfigChecker& check);

// Why `origin` is none as browsers write it; empty when it is one.
[[nodiscard]] std::string complaint_about_origin(std::string_view origin);

}  // namespace beckon::app
