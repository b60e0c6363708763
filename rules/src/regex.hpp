// How the checker compiles the regexes of rule files: with less memory than those that match them, so that what it accepts
// compiles there too.
#pragma once

#include <re2/re2.h>

namespace beckon::rules {

inline constexpr std::int64_t kMaxRegexMemoryBytes = 1 << 20;

inline re2::RE2::Options regex_options() {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kMaxRegexMemoryBytes);
  return options;
}

}  // namespace beckon::rules
