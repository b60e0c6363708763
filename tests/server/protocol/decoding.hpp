// Frames decoded, for tests.
#pragma once

#include <catch2/catch.hpp>
#include <string>
#include <string_view>

#include "protocol/codec.hpp"

namespace beckon::test {

using namespace protocol;

inline const std::string kHelloTail = R"("site":"shop","tab":"t1","session":"0123456789abcdef","page":{"url":"/"}})";

// One after another. (GCC 12 warns, wrongly, about `literal + std::string`.)
inline std::string join(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) text += part;
  return text;
}

// The reason of a refusal, with its code when it is not bad_frame; "" when the frame was taken.
inline std::string refusal_of(std::string_view text) {
  Decoder decoder;
  const Decoded decoded = decoder.decode(text);
  const auto* refusal = std::get_if<Refusal>(&decoded);
  if (refusal == nullptr) return "";
  if (refusal->reason.size() > kMaxReasonBytes) return "reason too long";
  if (refusal->code == CloseCode::kBadFrame) return refusal->reason;
  return join({name_of(refusal->code), " ", refusal->reason});
}

inline std::string event_refusal(const std::string& event) {
  return refusal_of(join({R"({"type":"events","id":1,"events":[)", event, "]}"}));
}

// A decoded frame with the decoder that its views live in.
template <class Frame>
struct Taken {
  explicit Taken(std::string_view text) : decoded(decoder.decode(text)) {
    if (const auto* refusal = std::get_if<Refusal>(&decoded)) FAIL(refusal->reason);
  }
  const Frame& operator*() const { return std::get<Frame>(std::get<ClientFrame>(decoded)); }
  const Frame* operator->() const { return &**this; }
  Decoder decoder;
  Decoded decoded;
};

}  // namespace beckon::test
