// The query of a request: every value is found, or none is, and decoding never makes it longer.
#include "net/http_message.hpp"
#include "property.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace beckon;
  const std::string_view query = fuzz::text_of(data, size);
  for (const std::string_view name : {"site", "token", "", "%"}) {
    const std::string value = net::query_value(query, name);
    fuzz::require(value.size() <= query.size(), "decoding makes nothing longer");
    const bool named = query.find(std::string(name) + '=') != std::string_view::npos;
    fuzz::require(value.empty() || named, "a value has its name");
  }
  return 0;
}
