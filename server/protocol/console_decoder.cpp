#include <array>
#include <bit>
#include <utility>

#include "base/ids.hpp"
#include "beckon/json/reader.hpp"
#include "beckon/json/utf8.hpp"
#include "protocol/console_codec.hpp"
#include "protocol/frames.hpp"

namespace beckon::protocol::console {

namespace {

enum class Field : std::uint8_t {
  kType,
  kId,
  kSite,
  kConversation,
  kState,
  kBefore,
  kAfter,
  kVersion,
  kKey,
  kText,
  kFile,
  kOn,
  kSeq,
  kTo,
  kTask,
  kDone,
};
constexpr std::array<std::string_view, 16> kFieldNames = {"type",  "id",      "site", "conversation", "state", "before",
                                                          "after", "version", "key",  "text",         "file",  "on",
                                                          "seq",   "to",      "task", "done"};
using FieldSet = std::uint32_t;

template <class... Fields>
constexpr FieldSet fields(Fields... field) {
  return ((FieldSet{1} << static_cast<unsigned>(field)) | ... | FieldSet{0});
}

struct Shape {
  std::string_view name;
  FieldSet required, optional;
};

using F = Field;
constexpr FieldSet kBare = fields(F::kType, F::kId);
constexpr FieldSet kOfOne = kBare | fields(F::kSite, F::kConversation);

// In the order of FrameKind.
constexpr std::array<Shape, 15> kShapes = {{
    {"hello", kBare, 0},
    {"ping", kBare, 0},
    {"presence", kBare | fields(F::kState), 0},
    {"activity", kBare, 0},
    {"watch", kOfOne, 0},
    {"unwatch", kOfOne, 0},
    {"history", kOfOne, fields(F::kBefore, F::kAfter)},
    {"list", kBare | fields(F::kSite), fields(F::kBefore)},
    {"take", kOfOne | fields(F::kVersion), 0},
    {"say", kOfOne | fields(F::kKey), fields(F::kText, F::kFile)},
    {"typing", kOfOne | fields(F::kOn), 0},
    {"read", kOfOne | fields(F::kSeq), 0},
    {"close", kOfOne | fields(F::kVersion), 0},
    {"transfer", kOfOne | fields(F::kVersion, F::kTo), 0},
    {"task", kBare | fields(F::kSite, F::kTask, F::kDone), 0},
}};

std::string_view name_of(Field field) { return kFieldNames[static_cast<std::size_t>(field)]; }
bool has(FieldSet set, Field field) { return (set & fields(field)) != 0; }

// One frame's tree, read into a value. Every step answers false once something is refused.
class FrameReader {
 public:
  std::variant<ClientFrame, Refusal> read(const json::Value& root) {
    if (take_type(root) && take_members(root) && is_whole()) return std::move(frame_);
    reason_.resize(json::cut_utf8(reason_, kMaxReasonBytes).size());
    return Refusal{CloseCode::kBadFrame, std::move(reason_)};
  }

 private:
  bool refuse(std::string_view where, std::string_view why) {
    reason_ = std::string(where) + ": " + std::string(why);
    return false;
  }

  bool take_type(const json::Value& root) {
    if (!root.is(json::Type::kObject)) return refuse("frame", "expected an object");
    const json::Value* const type = root.find("type");
    if (type == nullptr) return refuse("type", "missing");
    if (!type->is(json::Type::kString)) return refuse("type", "expected a string");
    for (std::size_t i = 0; i < kShapes.size(); ++i) {
      if (kShapes[i].name != type->string()) continue;
      frame_.kind = static_cast<FrameKind>(i);
      shape_ = &kShapes[i];
      return true;
    }
    return refuse("type", "unknown frame type");
  }

  bool take_members(const json::Value& root) {
    for (const json::Value* value = root.first(); value != nullptr; value = value->next()) {
      const auto field = find_field(value->name());
      if (!field) return refuse(base::is_plain_name(value->name()) ? value->name() : "?", "unknown field");
      seen_ |= fields(*field);
      if (!take(*field, *value)) return false;
    }
    return true;
  }

  [[nodiscard]] std::optional<Field> find_field(std::string_view name) const {
    for (std::size_t i = 0; i < kFieldNames.size(); ++i) {
      if (kFieldNames[i] != name) continue;
      const auto field = static_cast<Field>(i);
      if (has(shape_->required | shape_->optional, field)) return field;
    }
    return std::nullopt;
  }

  bool is_whole() {
    if (const FieldSet missing = shape_->required & ~seen_) {
      return refuse(name_of(static_cast<Field>(std::countr_zero(missing))), "missing");
    }
    if (frame_.kind == FrameKind::kSay && has(seen_, F::kText) == has(seen_, F::kFile)) {
      return refuse("text", "expected either text or file");
    }
    if (frame_.kind == FrameKind::kHistory && has(seen_, F::kBefore) == has(seen_, F::kAfter)) {
      return refuse("before", "expected either before or after");
    }
    return true;
  }

  bool take(Field field, const json::Value& v) {
    const std::string_view name = name_of(field);
    switch (field) {
      case F::kType: return true;
      case F::kId: return take_int(name, v, 1, frame_.id);
      case F::kSite: return take_plain(name, v, 1, kMaxSiteBytes, frame_.site);
      case F::kConversation: return take_plain(name, v, 1, kMaxIdBytes, frame_.conversation);
      case F::kState: return take_state(v);
      case F::kBefore: return take_int(name, v, 1, frame_.before.emplace());
      case F::kAfter: return take_int(name, v, 0, frame_.after.emplace());
      case F::kVersion: return take_int(name, v, 1, frame_.version);
      case F::kKey: return take_plain(name, v, base::kMinClientKeyBytes, base::kMaxClientKeyBytes, frame_.key);
      case F::kText: return take_text(name, v, kMaxFrameBytes, frame_.text);
      case F::kFile: return take_plain(name, v, 1, kMaxIdBytes, frame_.file);
      case F::kOn: return take_bool(name, v, frame_.on);
      case F::kSeq: return take_int(name, v, 0, frame_.seq);
      case F::kTo: return take_target(v);
      case F::kTask: return take_plain(name, v, 1, kMaxIdBytes, frame_.task);
      case F::kDone: return take_bool(name, v, frame_.done);
    }
    return false;
  }

  bool take_int(std::string_view name, const json::Value& v, std::int64_t min, std::int64_t& out) {
    if (!v.is(json::Type::kNumber)) return refuse(name, "expected a number");
    const std::optional<std::int64_t> number = json::to_int64(v.digits());
    if (!number || *number < min || *number > kMaxFrameId) {
      return refuse(name, "expected an integer from " + std::to_string(min) + " to " + std::to_string(kMaxFrameId));
    }
    out = *number;
    return true;
  }

  bool take_bool(std::string_view name, const json::Value& v, bool& out) {
    if (!v.is(json::Type::kBool)) return refuse(name, "expected true or false");
    out = v.boolean();
    return true;
  }

  bool take_text(std::string_view name, const json::Value& v, std::size_t max, std::string& out) {
    if (!v.is(json::Type::kString)) return refuse(name, "expected a string");
    if (v.string().size() > max) return refuse(name, "longer than " + std::to_string(max) + " bytes");
    if (v.string().empty()) return refuse(name, "must not be empty");
    out = v.string();
    return true;
  }

  bool take_plain(std::string_view name, const json::Value& v, std::size_t min, std::size_t max, std::string& out) {
    if (!v.is(json::Type::kString)) return refuse(name, "expected a string");
    const std::string_view text = v.string();
    if (text.size() < min || text.size() > max || !base::is_plain_name(text)) {
      return refuse(name, "expected " + std::to_string(min) + " to " + std::to_string(max) + " of A-Z a-z 0-9 _ -");
    }
    out = text;
    return true;
  }

  bool take_state(const json::Value& v) {
    if (!v.is(json::Type::kString)) return refuse("state", "expected a string");
    for (const Presence each : {Presence::kOnline, Presence::kAway}) {
      if (v.string() != console::name_of(each)) continue;
      frame_.state = each;
      return true;
    }
    return refuse("state", "expected online or away");
  }

  bool take_target(const json::Value& v) {
    if (!v.is(json::Type::kObject)) return refuse("to", "expected an object");
    if (v.size() != 1) return refuse("to", "expected one of operator, group, skill");
    const json::Value& target = *v.first();
    if (target.name() == "operator") {
      frame_.to.kind = Target::Kind::kOperator;
      return take_plain("to.operator", target, 1, kMaxIdBytes, frame_.to.name);
    }
    const bool group = target.name() == "group";
    if (!group && target.name() != "skill") return refuse("to", "expected one of operator, group, skill");
    frame_.to.kind = group ? Target::Kind::kGroup : Target::Kind::kSkill;
    return take_text(group ? "to.group" : "to.skill", target, kMaxTargetBytes, frame_.to.name);
  }

  ClientFrame frame_;
  const Shape* shape_ = nullptr;
  FieldSet seen_ = 0;
  std::string reason_;
};

}  // namespace

std::string_view name_of(FrameKind kind) { return kShapes[static_cast<std::size_t>(kind)].name; }

std::string_view name_of(Presence presence) { return presence == Presence::kOnline ? "online" : "away"; }

std::variant<ClientFrame, Refusal> decode(std::string_view text) {
  if (text.size() > kMaxFrameBytes) return Refusal{CloseCode::kTooLarge, "a frame is at most 64 KiB"};
  const json::ParseResult parsed = json::parse(text, {.max_depth = kMaxFrameDepth, .max_bytes = kMaxFrameBytes});
  if (!parsed.document) {
    std::string reason = "at byte " + std::to_string(parsed.error->offset) + ": " + parsed.error->message;
    reason.resize(json::cut_utf8(reason, kMaxReasonBytes).size());
    return Refusal{CloseCode::kBadFrame, std::move(reason)};
  }
  return FrameReader().read(parsed.document->root());
}

}  // namespace beckon::protocol::console
