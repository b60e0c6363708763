// Passwords from a person, or from a file.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.hpp"

namespace beckon::cli {

// `file` empty: asked for twice on the terminal, which does not show it. A line break at a file's end is no part of it.
// Errors: one clear line; without a terminal and a file, how to say it.
[[nodiscard]] base::Result<std::string> read_password(const std::filesystem::path& file);

}  // namespace beckon::cli
