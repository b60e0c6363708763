#include "protocol/fields.hpp"

#include <array>
#include <utility>

namespace beckon::protocol {

namespace {

constexpr std::array<std::string_view, 41> kFieldNames = {
    "type", "id", "site", "token", "tab", "session", "consent", "resume", "language", "page", "events", "offer",
    "outcome", "phone", "name", "score", "comment", "value", "jwt", "on", "start_over", "chat", "key",
    "text", "file", "form", "email", "delivered", "read", "before", "after",
    "url", "title", "referrer", "hidden", "items", "currency", "margin", "data", "percent", "?"};

using F = Field;

constexpr Shape kHelloShape{
    fields(F::kType, F::kId, F::kSite, F::kToken, F::kTab, F::kSession, F::kConsent, F::kResume, F::kLanguage, F::kChat,
           F::kPage),
    fields(F::kType, F::kSite, F::kTab, F::kSession, F::kPage)};

constexpr std::array<Shape, 15> kFrameShapes = {{
    kHelloShape,
    {fields(F::kType, F::kId, F::kEvents), fields(F::kType, F::kId, F::kEvents)},
    {fields(F::kType, F::kId, F::kOffer, F::kOutcome), fields(F::kType, F::kId, F::kOffer, F::kOutcome)},
    {fields(F::kType, F::kId, F::kOffer, F::kKey, F::kPhone, F::kName), fields(F::kType, F::kId, F::kPhone)},
    {fields(F::kType, F::kId, F::kOffer, F::kScore, F::kComment), fields(F::kType, F::kId, F::kOffer, F::kScore)},
    {fields(F::kType, F::kId, F::kValue), fields(F::kType, F::kId, F::kValue)},
    {fields(F::kType, F::kId, F::kJwt), fields(F::kType, F::kId, F::kJwt)},
    {fields(F::kType, F::kId, F::kOn, F::kStartOver), fields(F::kType, F::kId)},
    {fields(F::kType, F::kId, F::kOffer), fields(F::kType, F::kId)},
    {fields(F::kType, F::kId, F::kKey, F::kText, F::kFile, F::kOffer, F::kForm), fields(F::kType, F::kId, F::kKey)},
    {fields(F::kType, F::kId, F::kOn), fields(F::kType, F::kId, F::kOn)},
    {fields(F::kType, F::kId, F::kDelivered, F::kRead), fields(F::kType, F::kId)},
    {fields(F::kType, F::kId, F::kBefore, F::kAfter), fields(F::kType, F::kId)},
    {fields(F::kType, F::kId), fields(F::kType, F::kId)},
    {fields(F::kType, F::kId, F::kKey, F::kName, F::kEmail, F::kText),
     fields(F::kType, F::kId, F::kKey, F::kEmail, F::kText)},
}};
constexpr std::array<std::string_view, 15> kFrameNames = {
    "hello",     "events", "offer",  "callback", "survey",  "consent",    "identify",     "panel",
    "chat_open", "say",    "typing", "seen",     "history", "chat_close", "leave_message"};

constexpr Shape kBareShape{fields(F::kType), fields(F::kType)};

// In the order of EventKind.
constexpr std::array<Shape, 11> kEventShapes = {{
    {fields(F::kType, F::kUrl, F::kTitle, F::kReferrer, F::kHidden), fields(F::kType, F::kUrl)},
    {fields(F::kType, F::kValue, F::kItems, F::kCurrency), fields(F::kType)},
    {fields(F::kType, F::kValue, F::kMargin, F::kId), fields(F::kType)},
    {fields(F::kType, F::kName, F::kData), fields(F::kType, F::kName)},
    {fields(F::kType, F::kName, F::kValue), fields(F::kType, F::kName, F::kValue)},
    kBareShape,
    kBareShape,
    kBareShape,
    kBareShape,
    {fields(F::kType, F::kPercent), fields(F::kType, F::kPercent)},
    kBareShape,
}};

}  // namespace

Field field_of(std::string_view name) {
  // By length first: a handful of comparisons at most.
  const auto is = [name](Field field) { return name == kFieldNames[static_cast<std::size_t>(field)]; };
  const auto pick = [&is](auto... candidates) {
    Field found = Field::kUnknown;
    ((is(candidates) && (found = candidates, true)) || ...);
    return found;
  };
  switch (name.size()) {
    case 2: return pick(F::kId, F::kOn);
    case 3: return pick(F::kUrl, F::kTab, F::kJwt, F::kKey);
    case 4: return pick(F::kType, F::kPage, F::kName, F::kData, F::kSite, F::kText, F::kChat, F::kFile, F::kForm, F::kRead);
    case 5: return pick(F::kTitle, F::kValue, F::kItems, F::kOffer, F::kToken, F::kPhone, F::kScore, F::kEmail,
                        F::kAfter);
    case 6: return pick(F::kEvents, F::kHidden, F::kMargin, F::kResume, F::kBefore);
    case 7: return pick(F::kPercent, F::kSession, F::kConsent, F::kOutcome, F::kComment);
    case 8: return pick(F::kReferrer, F::kCurrency, F::kLanguage);
    case 9: return pick(F::kDelivered);
    case 10: return pick(F::kStartOver);
    default: return Field::kUnknown;
  }
}

std::string_view name_of(Field field) { return kFieldNames[static_cast<std::size_t>(field)]; }

FrameKind frame_kind_of(std::string_view name) {
  const auto is = [name](FrameKind kind) { return name == kFrameNames[static_cast<std::size_t>(kind)]; };
  if (is(FrameKind::kEvents)) return FrameKind::kEvents;  // nearly all
  for (std::size_t i = 0; i < kFrameNames.size(); ++i) {
    if (is(static_cast<FrameKind>(i))) return static_cast<FrameKind>(i);
  }
  return FrameKind::kUnknown;
}

std::optional<EventKind> event_kind_of(std::string_view name) {
  // The first letter and the length tell all but one pair apart.
  if (name.empty()) return std::nullopt;
  const auto check = [name](EventKind kind) -> std::optional<EventKind> {
    if (name_of(kind) == name) return kind;
    return std::nullopt;
  };
  switch (name[0]) {
    case 'p': return check(EventKind::kPage);
    case 'c': return check(EventKind::kCart);
    case 'o': return check(EventKind::kOrder);
    case 'e': return check(name.size() == 5 ? EventKind::kEvent : EventKind::kExitIntent);
    case 'a': return check(name.size() == 4 ? EventKind::kAttr : EventKind::kActivity);
    case 'v': return check(EventKind::kVisible);
    case 'h': return check(EventKind::kHidden);
    case 's': return check(EventKind::kScroll);
    case 'l': return check(EventKind::kLeave);
    default: return std::nullopt;
  }
}

Shape shape_of(FrameKind kind) { return kFrameShapes[static_cast<std::size_t>(kind)]; }

Shape shape_of(EventKind kind) { return kEventShapes[static_cast<std::size_t>(kind)]; }

Shape shape_of_page() {
  return {fields(F::kUrl, F::kTitle, F::kReferrer, F::kHidden), fields(F::kUrl)};
}

Shape shape_of_form() { return {fields(F::kName, F::kEmail), 0}; }

}  // namespace beckon::protocol
