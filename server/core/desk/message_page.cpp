#include "core/desk/message_page.hpp"

#include <algorithm>

#include "beckon/json/writer.hpp"
#include "core/chat/message_view.hpp"
#include "protocol/console_frames.hpp"

namespace beckon::core {

namespace {

// Of a frame, for what stands around the messages: its type, site and conversation.
constexpr std::size_t kAroundBytes = 512;

}  // namespace

MessagePage message_page(const std::vector<store::Message>& messages, store::MessageRange::From order) {
  const bool newest = order == store::MessageRange::From::kNewest;
  std::vector<std::string> parts;
  MessagePage page;
  std::size_t bytes = kAroundBytes;
  for (std::size_t i = 0; i < messages.size() && parts.size() < protocol::kMaxMessagesPerFrame; ++i) {
    const store::Message& message = newest ? messages[messages.size() - 1 - i] : messages[i];
    std::string text;
    json::Writer w(text);
    protocol::write_message(w, MessageView(message, Reader::kOperator).view());
    bytes += text.size() + 1;
    if (bytes > protocol::console::kMaxFrameBytes && !parts.empty()) break;
    page.last = std::max(page.last, message.seq);
    parts.push_back(std::move(text));
  }
  if (newest) std::reverse(parts.begin(), parts.end());
  page.count = parts.size();
  page.json = "[";
  for (const std::string& part : parts) {
    if (page.json.size() > 1) page.json += ',';
    page.json += part;
  }
  page.json += ']';
  return page;
}

}  // namespace beckon::core
