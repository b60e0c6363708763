// A page's address as the rules see it. Browsers send URLs that strict parsers refuse (`|`, `[]`, spaces, `%zz`, raw
// UTF-8); an event is never dropped for its URL: what a browser would have encoded is encoded, the rest stays as it is.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace beckon::rules {

class RuleSet;

struct QueryParameter {
  std::string name;   // percent-decoded, `+` a space
  std::string value;  // likewise; an empty value is a value
};

// rules.md, section 3: `page.url`, `.host`, `.path`, `.query.NAME`.
struct PageUrl {
  std::string url;    // filtered: no fragment, of the query only what is allowed
  std::string host;   // lower case, with a port when it is not the scheme's own; empty for a relative URL
  std::string path;   // percent-encoded, no trailing '/' save the root
  std::vector<QueryParameter> query;  // what is allowed, in order; the first of several counts

  [[nodiscard]] const std::string* find(std::string_view name) const;
};

// Names of query parameters that may be seen beside utm_*: those that the rules mention, sorted.
using QueryNames = std::vector<std::string>;

// Parses and filters. `url` keeps its parameters in their order and encoding, save those that are not allowed.
// Takes any bytes and gives valid UTF-8; what is longer than kMaxSubjectBytes then is cut. An address that came out of here
// comes out unchanged when it is read again. `out` is overwritten (`raw` is not in it); reuse it to save allocations.
void parse_page_url(std::string_view raw, const QueryNames& allowed, PageUrl& out);

// The same filter for an address that is only kept, such as a referrer: without fragment and other parameters. Empty stays
// empty.
[[nodiscard]] std::string filter_url(std::string_view raw, const QueryNames& allowed);

}  // namespace beckon::rules
