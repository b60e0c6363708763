// The part of a site's configuration that is its chat.
#pragma once

#include <memory>

#include "app/config_check.hpp"
#include "core/site.hpp"

namespace beckon::app {

// Reads the value of `chat`: false, or an object; what is wrong goes to `check`. nullptr: the site has no chat.
[[nodiscard]] std::shared_ptr<const core::ChatSettings> read_chat(const json::Value& value, ConfigChecker& check);

}  // namespace beckon::app
