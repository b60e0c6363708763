// How the regexes of rule files are compiled, here and wherever they are matched: the same options, so that what the
// checker accepted compiles.
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
