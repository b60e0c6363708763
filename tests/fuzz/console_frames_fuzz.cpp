// Frames from an operator's console: whatever the bytes, a frame within its bounds or a refusal that says why.
#include "beckon/json/utf8.hpp"
#include "property.hpp"
#include "protocol/console_codec.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace beckon;
  namespace console = protocol::console;
  const auto decoded = console::decode(fuzz::text_of(data, size));
  if (const auto* const refusal = std::get_if<protocol::Refusal>(&decoded)) {
    fuzz::require(!refusal->reason.empty(), "a refusal says why");
    fuzz::require(refusal->reason.size() <= protocol::kMaxReasonBytes, "a refusal fits a close frame");
    fuzz::require(!json::find_bad_byte(refusal->reason), "a refusal is UTF-8");
    return 0;
  }
  const auto& frame = std::get<console::ClientFrame>(decoded);
  fuzz::require(frame.id >= 1, "a frame has an id");
  fuzz::require(frame.conversation.size() <= console::kMaxIdBytes, "an id is within its bound");
  fuzz::require(frame.kind != console::FrameKind::kSay || frame.text.empty() != frame.file.empty(),
                "a message is a text or a file");
  return 0;
}
