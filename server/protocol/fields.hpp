// The fields that frames and events may have, as tables: which name, which frame allows it, which needs it.
// For the decoder alone.
#pragma once

#include <bit>
#include <cstdint>
#include <optional>
#include <string_view>

#include "protocol/frames.hpp"

namespace beckon::protocol {

enum class Field : std::uint8_t {
  kType, kId, kSite, kToken, kTab, kSession, kConsent, kResume, kLanguage, kPage, kEvents, kOffer, kOutcome, kPhone,
  kName, kScore, kComment, kValue, kJwt, kOn, kStartOver, kChat, kKey, kText, kFile, kForm, kEmail, kDelivered, kRead,
  kBefore, kAfter,
  // of pages and events
  kUrl, kTitle, kReferrer, kHidden, kItems, kCurrency, kMargin, kData, kPercent,
  kUnknown,
};

using FieldSet = std::uint64_t;  // a bit a field

template <class... Fields>
constexpr FieldSet fields(Fields... field) {
  return ((FieldSet{1} << static_cast<unsigned>(field)) | ... | FieldSet{0});
}

// kUnknown for a name that no frame has.
[[nodiscard]] Field field_of(std::string_view name);
[[nodiscard]] std::string_view name_of(Field field);

enum class FrameKind : std::uint8_t {
  kHello, kEvents, kOffer, kCallback, kSurvey, kConsent, kIdentify, kPanel, kChatOpen, kSay, kTyping, kSeen, kHistory,
  kChatClose, kLeaveMessage, kUnknown,
};
[[nodiscard]] FrameKind frame_kind_of(std::string_view name);
[[nodiscard]] std::optional<EventKind> event_kind_of(std::string_view name);

// What an object of one kind may have and must have, `type` included.
struct Shape {
  FieldSet allowed, required;
};
[[nodiscard]] Shape shape_of(FrameKind kind);
[[nodiscard]] Shape shape_of(EventKind kind);
[[nodiscard]] Shape shape_of_page();
[[nodiscard]] Shape shape_of_form();

// The lowest field of a set that is not empty.
[[nodiscard]] inline Field first_of(FieldSet set) { return static_cast<Field>(std::countr_zero(set)); }

}  // namespace beckon::protocol
