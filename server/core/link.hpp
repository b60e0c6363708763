// A connection inside its shard: how far its hello has come, its limits, its pings, its panel.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/bucket.hpp"
#include "core/connection.hpp"
#include "core/timers.hpp"

namespace beckon::core {

struct ShardCore;
struct Visitor;
struct PageLoad;
class PanelFeed;

// Frames that came before the visitor's record was read, the hello first.
struct Pending {
  base::VisitorId visitor;  // whose record is being read
  std::vector<std::string> frames;
  std::size_t bytes = 0;
};

// How a connection follows its visitor's conversation.
struct LinkChat {
  enum class Phase : std::uint8_t {
    kNot,      // the chat was not opened here
    kFilling,  // what was said before is being read
    kOpen,     // gets what is said
  };
  Phase phase = Phase::kNot;
  std::uint32_t fill = 0;  // names the read under way
  std::uint64_t sent = 0;  // up to which seq it has been given messages
};

class Link final : public Alarm {
 public:
  enum class Phase : std::uint8_t {
    kHello,    // nothing has come yet
    kLoading,  // the visitor's record is being read
    kOpening,  // the welcome is being made: frames to this connection wait in `early`
    kOpen,
    kClosed,   // closed by the shard, not detached yet
  };

  Link(ShardCore& shard, Connection& connection, Upgrade upgrade, base::Instant now);
  ~Link() override;

  // Hello, record or pong did not come in time, or a ping is due.
  void ring(base::Instant due) override;

  ShardCore& shard;
  Connection& connection;
  Phase phase = Phase::kHello;
  bool awaits_pong = false;
  bool ack_due = false;
  Upgrade upgrade;                   // headers are dropped when the hello has been read
  Bucket frames, bytes;
  std::unique_ptr<Pending> pending;  // while kLoading
  std::vector<SharedFrame> early;    // while kOpening
  Visitor* visitor = nullptr;        // both set from kOpening on
  PageLoad* load = nullptr;
  LinkChat chat;
  std::unique_ptr<PanelFeed> panel;  // while the tab wants panel frames
};

}  // namespace beckon::core
