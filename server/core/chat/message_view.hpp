// A kept message as the wire writes it.
//
// Thread safety: values and pure functions.
#pragma once

#include <string>

#include "protocol/chat_messages.hpp"
#include "store/chat_records.hpp"

namespace beckon::core {

enum class Reader : std::uint8_t {
  kVisitor,   // sees the keys of the visitor's own messages, and no operator's id
  kOperator,  // sees operators' ids and keys
};

// Holds what the view points to; the message must outlive it.
class MessageView {
 public:
  MessageView(const store::Message& message, Reader reader);
  MessageView(const MessageView&) = delete;
  MessageView& operator=(const MessageView&) = delete;
  [[nodiscard]] const protocol::ChatMessage& view() const { return view_; }

 private:
  std::string event_, name_, by_;
  protocol::ChatMessage view_;
};

}  // namespace beckon::core
