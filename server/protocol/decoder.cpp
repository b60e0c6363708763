#include <cmath>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "beckon/json/reader.hpp"
#include "protocol/codec.hpp"
#include "protocol/fields.hpp"

namespace beckon::protocol {

namespace {

// What is cut is cut at a whole character.
std::string_view cut(std::string_view text, std::size_t max) {
  if (text.size() <= max) return text;
  while (max > 0 && (static_cast<unsigned char>(text[max]) & 0xC0) == 0x80) --max;
  return text.substr(0, max);
}

bool is_plain(std::string_view text, std::size_t min, std::size_t max) {
  if (text.size() < min || text.size() > max) return false;
  for (const char c : text) {
    const bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    if (!good) return false;
  }
  return true;
}

std::string shorten(std::string reason) {
  if (reason.size() > kMaxReasonBytes) reason.resize(cut(reason, kMaxReasonBytes).size());
  return reason;
}

}  // namespace

// Collects what the reader tells, checks each value where it stands, and the whole object by its type when it ends: fields
// may come in any order, so `type` may be the last.
struct Decoder::State final : json::Handler {
  enum class In : std::uint8_t { kNothing, kFrame, kPage, kEvents, kEvent, kData };
  enum class Kind : std::uint8_t { kNull, kBool, kNumber, kString };

  struct Value {
    Kind kind = Kind::kNull;
    bool boolean = false;
    std::string_view text;  // a number's digits, a string's bytes
  };

  struct Strings {
    std::string_view site, token, tab, session, language, offer, phone, name, comment, jwt;
  };

  Decoded decode(std::string_view text) {
    start(text);
    const auto error = reader.read(text, *this, {.max_depth = kMaxFrameDepth, .max_bytes = kMaxFrameBytes});
    if (!reason.empty()) return Refusal{CloseCode::kBadFrame, shorten(std::move(reason))};
    if (error) {
      return Refusal{CloseCode::kBadFrame, shorten("at byte " + std::to_string(error->offset) + ": " + error->message)};
    }
    return finish();
  }

  void start(std::string_view text) {
    if (arena.size() < text.size()) arena.resize(text.size() + text.size() / 2);
    used = 0;
    in = In::kNothing;
    reason.clear();
    events.clear();
    data.clear();
    frame_seen = page_seen = event_seen = 0;
    kind = FrameKind::kUnknown;
    id = 0;
    strings = {};
    page = {};
    consent.reset();
    on.reset();
    resume = Resume::kNew;
    value_is_true = start_over = false;
    score = 0;
  }

  std::string_view keep(std::string_view text) {
    char* const place = arena.data() + used;
    std::memcpy(place, text.data(), text.size());
    used += text.size();
    return {place, text.size()};
  }

  // --- Refusing. Each returns false, which stops the reader.

  std::string place(std::string_view member) const {
    switch (in) {
      case In::kNothing: return "frame";
      case In::kFrame: return std::string(member);
      case In::kPage: return "page." + std::string(member);
      case In::kEvents: return "events[" + std::to_string(events.size()) + "]";
      case In::kEvent: return "events[" + std::to_string(events.size() - 1) + "]." + std::string(member);
      case In::kData: return "events[" + std::to_string(events.size() - 1) + "].data";
    }
    return {};
  }

  bool refuse_at(const std::string& where, std::string_view why) {
    reason = where + ": " + std::string(why);
    return false;
  }
  bool refuse(std::string_view why) { return refuse_at(place(name_of(field)), why); }

  // --- The reader's events.

  bool null() override { return value({Kind::kNull, false, {}}); }
  bool boolean(bool b) override { return value({Kind::kBool, b, {}}); }
  bool number(std::string_view digits) override { return value({Kind::kNumber, false, digits}); }
  bool string(std::string_view text) override { return value({Kind::kString, false, text}); }

  bool key(std::string_view name) override {
    if (in == In::kData) return datum_key(name);
    field = field_of(name);
    const FieldSet known = in == In::kFrame ? kFrameFields : in == In::kPage ? shape_of_page().allowed : kEventFields;
    if (field == Field::kUnknown || (known & fields(field)) == 0) return unknown(name);
    (in == In::kFrame ? frame_seen : in == In::kPage ? page_seen : event_seen) |= fields(field);
    return true;
  }

  // The name is the client's: it is repeated only when it is a plain word.
  bool unknown(std::string_view name) {
    return refuse_at(place(is_plain(name, 1, 32) ? name : std::string_view("?")), "unknown field");
  }

  bool begin_object() override {
    switch (in) {
      case In::kNothing: in = In::kFrame; return true;
      case In::kFrame:
        if (field != Field::kPage) return refuse("did not expect an object");
        in = In::kPage;
        return true;
      case In::kEvents:
        if (events.size() >= kMaxEventsPerFrame) return refuse_at("events", "more than 50");
        events.emplace_back();
        events.back().first_datum = static_cast<std::uint32_t>(data.size());
        event_seen = 0;
        event_type.reset();
        in = In::kEvent;
        return true;
      case In::kEvent:
        if (field != Field::kData) return refuse("did not expect an object");
        in = In::kData;
        return true;
      default: return refuse("did not expect an object");
    }
  }

  bool end_object() override {
    switch (in) {
      case In::kFrame: in = In::kNothing; return true;
      case In::kPage: return end_page();
      case In::kEvent: return end_event();
      case In::kData: in = In::kEvent; return true;
      default: return false;
    }
  }

  bool begin_array() override {
    if (in != In::kFrame || field != Field::kEvents) return refuse("did not expect an array");
    in = In::kEvents;
    return true;
  }

  bool end_array() override {
    in = In::kFrame;
    return true;
  }

  bool value(const Value& v) {
    switch (in) {
      case In::kNothing: return refuse_at("frame", "expected an object");
      case In::kFrame: return frame_value(v);
      case In::kPage: return page_value(v, page);
      case In::kEvents: return refuse("expected an object");
      case In::kEvent: return event_value(v);
      case In::kData: return datum_value(v);
    }
    return false;
  }

  // --- Values of one type.

  bool take_text(const Value& v, std::size_t min, std::size_t max, std::string_view& out) {
    if (v.kind != Kind::kString) return refuse("expected a string");
    if (v.text.size() > max) return refuse("longer than " + std::to_string(max) + " bytes");
    if (v.text.size() < min) return refuse("must not be empty");
    out = keep(v.text);
    return true;
  }

  bool take_cut(const Value& v, std::size_t max, std::string_view& out) {
    if (v.kind != Kind::kString) return refuse("expected a string");
    out = keep(cut(v.text, max));
    return true;
  }

  bool take_plain(const Value& v, std::size_t min, std::size_t max, std::string_view& out) {
    if (v.kind != Kind::kString) return refuse("expected a string");
    if (!is_plain(v.text, min, max)) {
      return refuse("expected " + std::to_string(min) + " to " + std::to_string(max) + " of A-Z a-z 0-9 _ -");
    }
    out = keep(v.text);
    return true;
  }

  template <class T>
  bool take_bool(const Value& v, T& out) {
    if (v.kind != Kind::kBool) return refuse("expected true or false");
    out = v.boolean;
    return true;
  }

  template <class T>
  bool take_number(const Value& v, T& out) {
    if (v.kind != Kind::kNumber) return refuse("expected a number");
    const std::optional<double> number = json::to_double(v.text);
    if (!number || !std::isfinite(*number)) return refuse("out of range");
    out = *number;
    return true;
  }

  bool take_int(const Value& v, std::int64_t min, std::int64_t max, std::int64_t& out) {
    if (v.kind != Kind::kNumber) return refuse("expected a number");
    const std::optional<std::int64_t> number = json::to_int64(v.text);
    if (!number || *number < min || *number > max) {
      return refuse("expected an integer from " + std::to_string(min) + " to " + std::to_string(max));
    }
    out = *number;
    return true;
  }

  bool take_scalar(const Value& v, Scalar& out) {
    switch (v.kind) {
      case Kind::kNull: out = std::monostate{}; return true;
      case Kind::kBool: out = v.boolean; return true;
      case Kind::kNumber: return take_number(v, out);
      case Kind::kString: {
        std::string_view text;
        if (!take_text(v, 0, kMaxValueBytes, text)) return false;
        out = text;
        return true;
      }
    }
    return false;
  }

  // --- Values by place.

  bool frame_value(const Value& v) {
    switch (field) {
      case Field::kType:
        if (v.kind != Kind::kString) return refuse("expected a string");
        kind = frame_kind_of(v.text);
        return kind != FrameKind::kUnknown || refuse("unknown frame type");
      case Field::kId: return take_int(v, 1, kMaxFrameId, id);
      case Field::kSite: return take_plain(v, 1, kMaxSiteBytes, strings.site);
      case Field::kToken: return take_text(v, 0, kMaxTokenBytes, strings.token);
      case Field::kTab: return take_plain(v, 1, kMaxTabBytes, strings.tab);
      case Field::kSession: return take_plain(v, kMinSessionBytes, kMaxSessionBytes, strings.session);
      case Field::kConsent: return take_bool(v, consent);
      case Field::kResume: {
        bool again = false;
        if (!take_bool(v, again)) return false;
        resume = again ? Resume::kResume : Resume::kNew;
        return true;
      }
      case Field::kLanguage: return take_text(v, 0, kMaxLanguageBytes, strings.language);
      case Field::kOffer: return take_plain(v, 1, kMaxOfferIdBytes, strings.offer);
      case Field::kOutcome: return take_outcome(v);
      case Field::kPhone: return take_text(v, 1, kMaxPhoneBytes, strings.phone);
      case Field::kName: return take_text(v, 0, kMaxPersonNameBytes, strings.name);
      case Field::kScore: return take_int(v, 0, 10, score);
      case Field::kComment: return take_text(v, 0, kMaxCommentBytes, strings.comment);
      case Field::kValue: return take_bool(v, value_is_true);
      case Field::kJwt: return take_text(v, 1, kMaxJwtBytes, strings.jwt);
      case Field::kOn: return take_bool(v, on);
      case Field::kStartOver: return take_bool(v, start_over);
      case Field::kPage: return refuse("expected an object");
      case Field::kEvents: return refuse("expected an array");
      default: return refuse("unknown field");
    }
  }

  bool take_outcome(const Value& v) {
    if (v.kind != Kind::kString) return refuse("expected a string");
    for (const Outcome each : {Outcome::kShown, Outcome::kAccepted, Outcome::kDismissed}) {
      if (v.text == name_of(each)) {
        outcome = each;
        return true;
      }
    }
    return refuse("expected shown, accepted or dismissed");
  }

  bool page_value(const Value& v, Page& out) {
    switch (field) {
      case Field::kUrl: return take_cut(v, kMaxUrlBytes, out.url);
      case Field::kTitle: return take_cut(v, kMaxTitleBytes, out.title);
      case Field::kReferrer: return take_cut(v, kMaxUrlBytes, out.referrer.emplace());
      case Field::kHidden: return take_bool(v, out.hidden);
      default: return refuse("unknown field");
    }
  }

  bool event_value(const Value& v) {
    ClientEvent& event = events.back();
    switch (field) {
      case Field::kType:
        if (v.kind != Kind::kString) return refuse("expected a string");
        event_type = event_kind_of(v.text);
        return event_type.has_value() || refuse("unknown event type");
      case Field::kUrl:
      case Field::kTitle:
      case Field::kReferrer:
      case Field::kHidden: return page_value(v, event.page);
      case Field::kValue: return take_scalar(v, event.scalar);
      case Field::kItems: return take_number(v, event.items);
      case Field::kMargin: return take_number(v, event.margin);
      case Field::kPercent: return take_number(v, event.percent);
      case Field::kCurrency: return take_text(v, 0, kMaxCurrencyBytes, event.currency);
      case Field::kId: return take_text(v, 0, kMaxNameBytes, event.id);
      case Field::kName: return take_text(v, 1, kMaxNameBytes, event.name);
      case Field::kData: return refuse("expected an object");
      default: return refuse("unknown field");
    }
  }

  bool datum_key(std::string_view name) {
    ClientEvent& event = events.back();
    if (event.datum_count >= kMaxEventData) return refuse("more than 16 keys");
    if (name.empty() || name.size() > kMaxNameBytes) return refuse("expected keys of 1 to 64 bytes");
    data.push_back({keep(name), {}});
    ++event.datum_count;
    return true;
  }

  bool datum_value(const Value& v) { return take_scalar(v, data.back().value); }

  // --- Ends of objects.

  bool end_page() {
    in = In::kFrame;
    field = Field::kPage;
    if ((page_seen & fields(Field::kUrl)) == 0) return refuse_at("page.url", "missing");
    return true;
  }

  bool end_event() {
    ClientEvent& event = events.back();
    if (!event_type) return refuse_at(place("type"), "missing");
    event.kind = *event_type;
    const Shape shape = shape_of(event.kind);
    if (const FieldSet missing = shape.required & ~event_seen) return refuse_at(place(name_of(first_of(missing))), "missing");
    if (const FieldSet extra = event_seen & ~shape.allowed) {
      return refuse_at(place(name_of(first_of(extra))), "unknown field");
    }
    if (!check_values(event)) return false;
    in = In::kEvents;
    return true;
  }

  bool check_values(ClientEvent& event) {
    const bool has_value = (event_seen & fields(Field::kValue)) != 0;
    if (has_value && event.kind != EventKind::kAttr) {
      const double* number = std::get_if<double>(&event.scalar);
      if (number == nullptr) return refuse_at(place("value"), "expected a number");
      event.value = *number;
    }
    if (event.kind == EventKind::kScroll && (event.percent < 0 || event.percent > 100)) {
      return refuse_at(place("percent"), "expected a number from 0 to 100");
    }
    return true;
  }

  Decoded finish() {
    if ((frame_seen & fields(Field::kType)) == 0) return Refusal{CloseCode::kBadFrame, "type: missing"};
    const Shape shape = shape_of(kind);
    if (const FieldSet missing = shape.required & ~frame_seen) {
      return Refusal{CloseCode::kBadFrame, std::string(name_of(first_of(missing))) + ": missing"};
    }
    if (const FieldSet extra = frame_seen & ~shape.allowed) {
      return Refusal{CloseCode::kBadFrame, std::string(name_of(first_of(extra))) + ": unknown field"};
    }
    if (kind == FrameKind::kEvents && events.empty()) return Refusal{CloseCode::kBadFrame, "events: empty"};
    return make();
  }

  // In place: a Hello is large, and every move of a variant is one of its largest member.
  template <class Frame, class... Fields>
  static Decoded made(Fields&&... values) {
    return Decoded(std::in_place_type<ClientFrame>, std::in_place_type<Frame>, Frame{std::forward<Fields>(values)...});
  }

  [[nodiscard]] Decoded make() const {
    const Strings& s = strings;
    switch (kind) {
      case FrameKind::kHello:
        return made<Hello>(id, s.site, s.token, s.tab, s.session, consent, resume, s.language, page);
      case FrameKind::kEvents: return made<Events>(id, events, data);
      case FrameKind::kOffer: return made<OfferOutcome>(id, s.offer, outcome);
      case FrameKind::kCallback: return made<Callback>(id, s.offer, s.phone, s.name);
      case FrameKind::kSurvey: return made<Survey>(id, s.offer, static_cast<int>(score), s.comment);
      case FrameKind::kConsent: return made<Consent>(id, value_is_true);
      case FrameKind::kIdentify: return made<Identify>(id, s.jwt);
      default: return made<Panel>(id, on, start_over);
    }
  }

  static constexpr FieldSet kFrameFields =
      fields(Field::kType, Field::kId, Field::kSite, Field::kToken, Field::kTab, Field::kSession, Field::kConsent,
             Field::kResume, Field::kLanguage, Field::kPage, Field::kEvents, Field::kOffer, Field::kOutcome,
             Field::kPhone, Field::kName, Field::kScore, Field::kComment, Field::kValue, Field::kJwt, Field::kOn,
             Field::kStartOver);
  static constexpr FieldSet kEventFields =
      fields(Field::kType, Field::kUrl, Field::kTitle, Field::kReferrer, Field::kHidden, Field::kValue, Field::kItems,
             Field::kCurrency, Field::kMargin, Field::kId, Field::kName, Field::kData, Field::kPercent);

  json::Reader reader;
  std::vector<char> arena;  // never grows while a text is read: unescaped strings are no longer than the text
  std::size_t used = 0;
  std::string reason;

  In in = In::kNothing;
  Field field = Field::kUnknown;
  FieldSet frame_seen = 0, page_seen = 0, event_seen = 0;
  std::optional<EventKind> event_type;

  FrameKind kind = FrameKind::kUnknown;
  std::int64_t id = 0, score = 0;
  Strings strings;
  Page page;
  std::optional<bool> consent, on;
  Resume resume = Resume::kNew;
  Outcome outcome = Outcome::kShown;
  bool value_is_true = false, start_over = false;
  std::vector<ClientEvent> events;
  std::vector<Datum> data;
};

Decoder::Decoder() : state_(std::make_unique<State>()) {}
Decoder::~Decoder() = default;

Decoded Decoder::decode(std::string_view text) {
  if (text.size() > kMaxFrameBytes) return Refusal{CloseCode::kTooLarge, "a frame is at most 64 KiB"};
  return state_->decode(text);
}

}  // namespace beckon::protocol
