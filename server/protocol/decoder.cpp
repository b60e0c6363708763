#include <bit>
#include <string>
#include <utility>
#include <vector>

#include "beckon/json/reader.hpp"
#include "protocol/codec.hpp"
#include "protocol/fields.hpp"
#include "protocol/values.hpp"

namespace beckon::protocol {

namespace {

std::string shorten(std::string reason) {
  if (reason.size() > kMaxReasonBytes) reason.resize(cut(reason, kMaxReasonBytes).size());
  return reason;
}

}  // namespace

// Collects what the reader tells, checks each value where it stands, and the whole object by its type when it ends: fields
// may come in any order, so `type` may be the last.
struct Decoder::State final : json::Handler, ValueTaker {
  enum class In : std::uint8_t { kNothing, kFrame, kPage, kForm, kEvents, kEvent, kData };
  struct Strings {
    std::string_view site, token, tab, session, language, offer, phone, name, comment, jwt, key, text, file, email;
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
    start_values(text.size());
    in = In::kNothing;
    events.clear();
    data.clear();
    frame_seen = page_seen = form_seen = event_seen = 0;
    kind = FrameKind::kUnknown;
    id = 0;
    strings = {};
    page = {};
    form = {};
    consent.reset();
    on.reset();
    chat.reset();
    before.reset();
    after.reset();
    delivered = read = 0;
    resume = Resume::kNew;
    value_is_true = start_over = false;
    score = 0;
  }

  std::string place(std::string_view member) const override {
    switch (in) {
      case In::kNothing: return "frame";
      case In::kFrame: return std::string(member);
      case In::kPage: return "page." + std::string(member);
      case In::kForm: return "form." + std::string(member);
      case In::kEvents: return "events[" + std::to_string(events.size()) + "]";
      case In::kEvent: return "events[" + std::to_string(events.size() - 1) + "]." + std::string(member);
      case In::kData: return "events[" + std::to_string(events.size() - 1) + "].data";
    }
    return {};
  }

  // --- The reader's events.

  bool null() override { return value({Kind::kNull, false, {}}); }
  bool boolean(bool b) override { return value({Kind::kBool, b, {}}); }
  bool number(std::string_view digits) override { return value({Kind::kNumber, false, digits}); }
  bool string(std::string_view text) override { return value({Kind::kString, false, text}); }

  bool key(std::string_view name) override {
    if (in == In::kData) return datum_key(name);
    field = field_of(name);
    if (field == Field::kUnknown || (known_here() & fields(field)) == 0) return unknown(name);
    seen_here() |= fields(field);
    return true;
  }

  [[nodiscard]] FieldSet known_here() const {
    switch (in) {
      case In::kFrame: return kFrameFields;
      case In::kPage: return shape_of_page().allowed;
      case In::kForm: return shape_of_form().allowed;
      default: return kEventFields;
    }
  }

  [[nodiscard]] FieldSet& seen_here() {
    switch (in) {
      case In::kFrame: return frame_seen;
      case In::kPage: return page_seen;
      case In::kForm: return form_seen;
      default: return event_seen;
    }
  }

  // The name is the client's: it is repeated only when it is a plain word.
  bool unknown(std::string_view name) {
    return refuse_at(place(is_plain(name, 1, 32) ? name : std::string_view("?")), "unknown field");
  }

  bool begin_object() override {
    switch (in) {
      case In::kNothing: in = In::kFrame; return true;
      case In::kFrame:
        if (field != Field::kPage && field != Field::kForm) return refuse("did not expect an object");
        in = field == Field::kPage ? In::kPage : In::kForm;
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
      case In::kForm: in = In::kFrame; return true;
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
      case In::kForm: return form_value(v);
      case In::kEvents: return refuse("expected an object");
      case In::kEvent: return event_value(v);
      case In::kData: return datum_value(v);
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
      case Field::kChat: return take_seq(v, chat.emplace());
      case Field::kKey: return take_plain(v, kMinKeyBytes, kMaxKeyBytes, strings.key);
      case Field::kText: return take_text(v, 1, kMaxMessageBytes, strings.text);
      case Field::kFile: return take_plain(v, 1, kMaxFileIdBytes, strings.file);
      case Field::kEmail: return take_text(v, 1, kMaxEmailBytes, strings.email);
      case Field::kDelivered: return take_seq(v, delivered);
      case Field::kRead: return take_seq(v, read);
      case Field::kBefore: return take_seq(v, before.emplace());
      case Field::kAfter: return take_seq(v, after.emplace());
      case Field::kForm:
      case Field::kPage: return refuse("expected an object");
      case Field::kEvents: return refuse("expected an array");
      default: return refuse("unknown field");
    }
  }

  bool take_seq(const Value& v, std::int64_t& out) { return take_int(v, 0, kMaxFrameId, out); }

  bool form_value(const Value& v) {
    if (field == Field::kName) return take_text(v, 0, kMaxPersonNameBytes, form.name);
    return take_text(v, 0, kMaxEmailBytes, form.email);
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
    if (kind == FrameKind::kSay && !has_one_of(Field::kText, Field::kFile)) {
      return Refusal{CloseCode::kBadFrame, "say: expected either text or file"};
    }
    if (kind == FrameKind::kHistory && !has_one_of(Field::kBefore, Field::kAfter)) {
      return Refusal{CloseCode::kBadFrame, "history: expected either before or after"};
    }
    return make();
  }

  [[nodiscard]] bool has_one_of(Field a, Field b) const { return std::has_single_bit(frame_seen & fields(a, b)); }

  // In place: a Hello is large, and every move of a variant is one of its largest member.
  template <class Frame, class... Fields>
  static Decoded made(Fields&&... values) {
    return Decoded(std::in_place_type<ClientFrame>, std::in_place_type<Frame>, Frame{std::forward<Fields>(values)...});
  }

  [[nodiscard]] std::optional<VisitorForm> given_form() const {
    if ((frame_seen & fields(Field::kForm)) == 0) return std::nullopt;
    return form;
  }

  [[nodiscard]] Decoded make() const {
    const Strings& s = strings;
    switch (kind) {
      case FrameKind::kHello:
        return made<Hello>(id, s.site, s.token, s.tab, s.session, consent, resume, s.language, chat, page);
      case FrameKind::kEvents: return made<Events>(id, events, data);
      case FrameKind::kOffer: return made<OfferOutcome>(id, s.offer, outcome);
      case FrameKind::kCallback: return made<Callback>(id, s.offer, s.key, s.phone, s.name);
      case FrameKind::kSurvey: return made<Survey>(id, s.offer, static_cast<int>(score), s.comment);
      case FrameKind::kConsent: return made<Consent>(id, value_is_true);
      case FrameKind::kIdentify: return made<Identify>(id, s.jwt);
      case FrameKind::kChatOpen: return made<ChatOpen>(id, s.offer);
      case FrameKind::kSay: return made<Say>(id, s.key, s.text, s.file, s.offer, given_form());
      case FrameKind::kTyping: return made<Typing>(id, on.value_or(false));
      case FrameKind::kSeen: return made<Seen>(id, delivered, read);
      case FrameKind::kHistory: return made<History>(id, before, after);
      case FrameKind::kChatClose: return made<ChatClose>(id);
      case FrameKind::kLeaveMessage: return made<LeaveMessage>(id, s.key, s.name, s.email, s.text);
      default: return made<Panel>(id, on, start_over);
    }
  }

  static constexpr FieldSet kFrameFields =
      fields(Field::kType, Field::kId, Field::kSite, Field::kToken, Field::kTab, Field::kSession, Field::kConsent,
             Field::kResume, Field::kLanguage, Field::kPage, Field::kEvents, Field::kOffer, Field::kOutcome,
             Field::kPhone, Field::kName, Field::kScore, Field::kComment, Field::kValue, Field::kJwt, Field::kOn,
             Field::kStartOver, Field::kChat, Field::kKey, Field::kText, Field::kFile, Field::kForm, Field::kEmail,
             Field::kDelivered, Field::kRead, Field::kBefore, Field::kAfter);
  static constexpr FieldSet kEventFields =
      fields(Field::kType, Field::kUrl, Field::kTitle, Field::kReferrer, Field::kHidden, Field::kValue, Field::kItems,
             Field::kCurrency, Field::kMargin, Field::kId, Field::kName, Field::kData, Field::kPercent);

  json::Reader reader;
  In in = In::kNothing;
  FieldSet frame_seen = 0, page_seen = 0, form_seen = 0, event_seen = 0;
  std::optional<EventKind> event_type;

  FrameKind kind = FrameKind::kUnknown;
  std::int64_t id = 0, score = 0;
  Strings strings;
  Page page;
  VisitorForm form;
  std::optional<bool> consent, on;
  std::optional<std::int64_t> chat, before, after;
  std::int64_t delivered = 0, read = 0;
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
