#include "core/chat/message_view.hpp"

#include "beckon/json/reader.hpp"
#include "beckon/rules/journal.hpp"

namespace beckon::core {

namespace {

std::string text_of(const json::Value& object, std::string_view name) {
  const json::Value* const value = object.find(name);
  return value != nullptr && value->is(json::Type::kString) ? std::string(value->string()) : std::string();
}

std::string_view from_of(store::Author author) {
  switch (author) {
    case store::Author::kVisitor: return "visitor";
    case store::Author::kOperator: return "operator";
    case store::Author::kSystem: return "system";
    case store::Author::kInvitation: return "invite";
  }
  return "system";
}

bool shows_key(store::Author author, Reader reader) {
  return author == (reader == Reader::kVisitor ? store::Author::kVisitor : store::Author::kOperator);
}

}  // namespace

MessageView::MessageView(const store::Message& message, Reader reader) {
  view_.seq = static_cast<std::int64_t>(message.seq);
  view_.at = rules::to_ms(message.at);
  view_.from = from_of(message.author);
  view_.name = message.name;
  if (shows_key(message.author, reader)) view_.key = message.key;
  if (reader == Reader::kOperator) view_.operator_id = message.operator_id.text();
  view_.body = message.body;
  switch (message.kind) {
    case store::MessageKind::kText: return;
    case store::MessageKind::kFile: view_.kind = protocol::ChatMessage::Kind::kFile; return;
    case store::MessageKind::kEvent: break;
  }
  view_.kind = protocol::ChatMessage::Kind::kEvent;
  const json::ParseResult parsed = json::parse(message.body);
  if (parsed.document && parsed.document->root().is(json::Type::kObject)) {
    event_ = text_of(parsed.document->root(), "event");
    name_ = text_of(parsed.document->root(), "name");
    by_ = text_of(parsed.document->root(), "by");
  }
  view_.body = event_;
  view_.name = name_;
  view_.by = by_;
}

}  // namespace beckon::core
