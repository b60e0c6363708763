#include <algorithm>

#include "protocol/chat_messages.hpp"
#include "protocol/codec.hpp"

namespace beckon::protocol {

namespace {

constexpr std::string_view kHead = R"({"type":"messages","messages":[)";
constexpr std::string_view kTail = R"(],"more":true})";

void write_desk(json::Writer& w, const DeskFrame& desk) {
  w.begin_object().key("state").string(desk.state);
  if (desk.position) w.key("position").number(*desk.position);
  if (desk.wait) w.key("wait").number(*desk.wait);
  if (desk.opens) w.key("opens").number(*desk.opens);
  w.end_object();
}

void write_event(json::Writer& w, const ChatMessage& message) {
  w.key("event").string(message.body);
  if (!message.by.empty()) w.key("by").string(message.by);
}

}  // namespace

void write_message(json::Writer& w, const ChatMessage& message) {
  w.begin_object().key("seq").number(message.seq).key("at").number(message.at).key("from").string(message.from);
  if (!message.name.empty()) w.key("name").string(message.name);
  if (!message.operator_id.empty()) w.key("operator").string(message.operator_id);
  if (!message.key.empty()) w.key("key").string(message.key);
  switch (message.kind) {
    case ChatMessage::Kind::kText: w.key("text").string(message.body); break;
    case ChatMessage::Kind::kFile: w.key("file").raw(message.body); break;
    case ChatMessage::Kind::kEvent: write_event(w, message); break;
  }
  w.end_object();
}

bool MessagesFrame::add(const ChatMessage& message) {
  if (parts_.size() >= kMaxMessagesPerFrame) return false;
  Part part{message.seq, {}};
  json::Writer w(part.json);
  write_message(w, message);
  // A comma each, so that the frame with everything in it is at most this long.
  const std::size_t bytes = bytes_ + part.json.size() + 1;
  if (!parts_.empty() && kHead.size() + bytes + kTail.size() > kMaxFrameBytes) return false;
  bytes_ = bytes;
  parts_.push_back(std::move(part));
  return true;
}

std::string MessagesFrame::text(More more) const {
  std::vector<const Part*> order;
  for (const Part& part : parts_) order.push_back(&part);
  std::sort(order.begin(), order.end(), [](const Part* a, const Part* b) { return a->seq < b->seq; });
  std::string out(kHead);
  for (const Part* const part : order) {
    if (part != order.front()) out += ',';
    out += part->json;
  }
  out += more == More::kYes ? kTail : std::string_view("]}");
  return out;
}

void write_chat_welcome(json::Writer& w, const ChatWelcome& chat) {
  w.begin_object().key("launcher").string(chat.launcher);
  if (!chat.form.empty()) {
    w.key("form").begin_array();
    for (const std::string_view field : chat.form) w.string(field);
    w.end_array();
  }
  w.key("uploads").boolean(chat.uploads).key("state").string(chat.state).key("unread").number(chat.unread);
  w.key("last").number(chat.last).key("desk");
  write_desk(w, chat.desk);
  w.end_object();
}

void encode_chat(std::string& out, const ChatFrame& chat) {
  json::Writer w(out);
  w.begin_object().key("type").string("chat").key("state").string(chat.state);
  if (!chat.conversation.empty()) w.key("conversation").string(chat.conversation);
  w.key("last").number(chat.last).key("unread").number(chat.unread).key("read").number(chat.read);
  if (!chat.operator_name.empty()) {
    w.key("operator").begin_object().key("name").string(chat.operator_name);
    w.key("picture").string(chat.operator_picture);
    if (chat.operator_away) w.key("away").boolean(true);
    w.end_object();
  }
  w.key("desk");
  write_desk(w, chat.desk);
  w.end_object();
}

void encode_typing(std::string& out, TypingState state, std::string_view name) {
  json::Writer w(out);
  w.begin_object().key("type").string("typing").key("on").boolean(state == TypingState::kOn);
  if (!name.empty()) w.key("name").string(name);
  w.end_object();
}

}  // namespace beckon::protocol
