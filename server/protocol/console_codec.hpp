// Text to frames of the console's protocol and back.
//
//   auto decoded = console::decode(text);
//   if (auto* refusal = std::get_if<Refusal>(&decoded)) connection.close(refusal->code, refusal->reason);
//
// Thread safety: pure functions.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "protocol/chat_messages.hpp"
#include "protocol/close_codes.hpp"
#include "protocol/console_frames.hpp"

namespace beckon::protocol::console {

// Reads one client frame, strictly: an unknown type or field, a wrong type, a missing field, a length beyond its limit
// is a Refusal whose reason names the field ("to.operator: expected a string").
[[nodiscard]] std::variant<ClientFrame, Refusal> decode(std::string_view text);

// Each appends one frame to `out`. `members` is what an answer adds: the inside of an object, `"seq":3,"at":5`, or
// empty.
void encode_ok(std::string& out, std::int64_t id, std::string_view members = {});
void encode_error(std::string& out, const ErrorView& error);
void encode_welcome(std::string& out, const WelcomeView& welcome);
void encode_conversation(std::string& out, const ConversationView& conversation);
void encode_conversation_gone(std::string& out, std::string_view site, std::string_view conversation);
void encode_task(std::string& out, const TaskView& task);
void encode_task_gone(std::string& out, std::string_view site, std::string_view task);
void encode_presence(std::string& out, std::span<const OperatorView> operators);
// `messages`: a JSON array.
void encode_messages(std::string& out, std::string_view site, std::string_view conversation, std::string_view messages);
void encode_typing(std::string& out, std::string_view site, std::string_view conversation, std::string_view who,
                   std::string_view name, bool on);
// `visitor`: one JSON object.
void encode_visitor(std::string& out, std::string_view site, std::string_view conversation, std::string_view visitor);

// Appends one object: for answers.
void write_conversation(json::Writer& w, const ConversationView& conversation);
void write_task(json::Writer& w, const TaskView& task);

}  // namespace beckon::protocol::console
