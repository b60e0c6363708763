// Frames from a visitor's page: whatever the bytes, a frame or a refusal that says why.
#include "beckon/json/utf8.hpp"
#include "property.hpp"
#include "protocol/codec.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace beckon;
  static protocol::Decoder decoder;  // as a server has it: one for many connections
  const protocol::Decoded decoded = decoder.decode(fuzz::text_of(data, size));
  if (const auto* const refusal = std::get_if<protocol::Refusal>(&decoded)) {
    fuzz::require(!refusal->reason.empty(), "a refusal says why");
    fuzz::require(!json::find_bad_byte(refusal->reason), "a refusal is UTF-8");
  }
  return 0;
}
