#include "app/config_chat.hpp"

#include <algorithm>

namespace beckon::app {
namespace {

using core::Assign, core::FormField, core::Launcher;
using json::Type;
using json::Value;
using Presence = ConfigChecker::Key::Presence;

constexpr std::size_t kMaxCannedReplies = 200;
constexpr std::size_t kMaxCannedTitleBytes = 100;
constexpr std::size_t kMaxCannedTextBytes = 8'192;  // what a message may have
constexpr std::size_t kMaxFormFields = 2;

// A reply may have line breaks: what it says is sent as a message.
std::optional<std::string> read_reply_text(const Value& value, ConfigChecker& check) {
  if (!check.is(value, Type::kString)) return std::nullopt;
  const std::string_view text = value.string();
  const bool control = std::any_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < ' ' && c != '\n' && c != '\t';
  });
  if (!text.empty() && text.size() <= kMaxCannedTextBytes && !control) return std::string(text);
  check.error(value, "bad-text", "expected a text of 1 to " + std::to_string(kMaxCannedTextBytes) +
                                     " bytes, without control characters but line breaks and tabs");
  return std::nullopt;
}

void read_canned(const Value& value, ConfigChecker& check, core::ChatSettings& chat) {
  check.array(value, kMaxCannedReplies, [&](const Value& element) {
    core::CannedReply reply;
    check.object(element, "a canned reply",
                 {
                     {"title",
                      [&](const Value& v) {
                        if (auto text = check.text(v, kMaxCannedTitleBytes)) reply.title = std::move(*text);
                      },
                      Presence::kRequired},
                     {"text",
                      [&](const Value& v) {
                        if (auto text = read_reply_text(v, check)) reply.text = std::move(*text);
                      },
                      Presence::kRequired},
                 });
    chat.canned.push_back(std::move(reply));
  });
}

void read_form(const Value& value, ConfigChecker& check, core::ChatSettings& chat) {
  check.array(value, kMaxFormFields, [&](const Value& element) {
    FormField field = FormField::kName;
    check.choice<FormField>(element, {{"name", FormField::kName}, {"email", FormField::kEmail}}, field);
    if (std::find(chat.form.begin(), chat.form.end(), field) == chat.form.end()) chat.form.push_back(field);
  });
}

}  // namespace

std::shared_ptr<const core::ChatSettings> read_chat(const Value& value, ConfigChecker& check) {
  if (value.is(Type::kBool) && !value.boolean()) return nullptr;
  auto chat = std::make_shared<core::ChatSettings>();
  if (value.is(Type::kBool)) return chat;
  check.object(
      value, "the chat",
      {
          {"launcher",
           [&](const Value& v) {
             check.choice<Launcher>(
                 v, {{"always", Launcher::kAlways}, {"open", Launcher::kOpen}, {"never", Launcher::kNever}}, chat->launcher);
           }},
          {"form", [&](const Value& v) { read_form(v, check, *chat); }},
          {"answer_within",
           [&](const Value& v) {
             check.duration(v, std::chrono::seconds(1), std::chrono::hours(24), chat->answer_within);
           }},
          {"quiet_after",
           [&](const Value& v) {
             check.duration(v, std::chrono::seconds(1), std::chrono::hours(24 * 7), chat->quiet_after);
           }},
          {"assign",
           [&](const Value& v) {
             check.choice<Assign>(v, {{"take", Assign::kTake}, {"auto", Assign::kAuto}}, chat->assign);
           }},
          {"uploads", [&](const Value& v) { check.boolean(v, chat->uploads); }},
          {"canned", [&](const Value& v) { read_canned(v, check, *chat); }},
      });
  return chat;
}

}  // namespace beckon::app
