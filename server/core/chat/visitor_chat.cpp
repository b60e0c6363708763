#include "core/chat/visitor_chat.hpp"

#include "core/chat/limits.hpp"
#include "core/shard_core.hpp"

namespace beckon::core {

VisitorChat::VisitorChat(SiteChat& chat, Visitor& v, base::Instant now)
    : of(chat), visitor(&v), serial(chat.enter_book(*this)), says(v.site.shard.options.limits.messages_burst, now),
      typings(kTypingsBurst, now) {}

VisitorChat::~VisitorChat() { of.leave_book(*this); }

void VisitorChat::HealAlarm::ring(base::Instant due) {
  ShardCore& shard = chat.visitor->site.shard;
  shard.now = std::max(shard.now, due);
  chat.of.heal(chat);
}

void VisitorChat::DigestAlarm::ring(base::Instant due) {
  ShardCore& shard = chat.visitor->site.shard;
  shard.now = std::max(shard.now, due);
  chat.of.publish_digest(chat);
}

}  // namespace beckon::core
