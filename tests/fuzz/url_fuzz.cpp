// Page addresses: valid UTF-8 within its bound, no user or fragment, and a fixed point.
#include "beckon/json/utf8.hpp"
#include "beckon/rules/limits.hpp"
#include "beckon/rules/url.hpp"
#include "property.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace beckon;
  const rules::QueryNames allowed = {"a b", "q", "é"};
  rules::PageUrl url, again;
  rules::parse_page_url(fuzz::text_of(data, size), allowed, url);
  fuzz::require(url.url.size() <= rules::kMaxSubjectBytes, "an address is bounded");
  fuzz::require(!json::find_bad_byte(url.url + url.path + url.host), "an address is UTF-8 without control characters");
  fuzz::require(url.url.find_first_of("# \t\r\n") == std::string::npos, "an address has no fragment and no blanks");
  fuzz::require(url.host.find('@') == std::string::npos, "a host has no user");
  fuzz::require(!url.path.empty() && (url.path == "/" || url.path.back() != '/'), "a path has no '/' at its end");
  rules::parse_page_url(url.url, allowed, again);
  fuzz::require(again.url == url.url, "reading again changes nothing");
  fuzz::require(again.host == url.host && again.path == url.path, "reading again finds the same parts");
  fuzz::require(again.query.size() == url.query.size(), "reading again keeps the parameters");
  for (std::size_t i = 0; i < url.query.size(); ++i) {
    fuzz::require(url.query[i].name == again.query[i].name && url.query[i].value == again.query[i].value,
                  "a parameter reads the same again");
  }
  return 0;
}
