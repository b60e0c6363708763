// A page's address: rules.md, section 3 (`page.url` and its parts) and the filter of section 8.
// Thread safety: free functions, may be called from any thread.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace beckon::oracle {

struct Address {
  std::string url;                  // filtered
  std::optional<std::string> host;  // none of a relative URL
  std::string path;
  std::vector<std::pair<std::string, std::string>> query;  // decoded, what is allowed

  std::optional<std::string> parameter(std::string_view name) const;  // the first of several
};

// Of the query, utm_* and the names in `allowed` stay.
Address parse_address(std::string_view raw, const std::set<std::string>& allowed);

}  // namespace beckon::oracle
