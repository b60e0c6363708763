// An operator's connection inside its shard: how far its hello has come, its limits, what its tab looks at. And the
// operator, who may have several.
//
// Thread safety: none; they belong to their shard's thread.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/bucket.hpp"
#include "core/connection.hpp"
#include "core/desk/presence.hpp"
#include "core/operator_upgrade.hpp"
#include "core/timers.hpp"
#include "store/operator_records.hpp"

namespace beckon::core {

class Consoles;
class OperatorLink;

// An operator on the shard of their id: from the first connection until 30 s after the last.
struct Seat final : Alarm {
  Seat(Consoles& c, store::OperatorRecord r, base::Instant now);
  // Away by itself, or offline.
  void ring(base::Instant due) override;
  [[nodiscard]] bool serves(const base::SiteId& site) const;

  Consoles& consoles;
  store::OperatorRecord record;
  PresenceState state = PresenceState::kOnline;
  bool away_by_itself = false;        // not chosen: the next activity ends it
  base::Instant active;               // the latest activity
  base::Instant gone = base::kNever;  // since when there is no connection; kNever: there is one
  std::vector<OperatorLink*> links;   // welcomed, or about to be
  Bucket says;
  std::map<std::string, std::uint32_t> chats;  // assigned, by site
  std::uint32_t all_chats = 0;                 // their sum
};

// A conversation that a tab looks at.
struct Watch {
  std::uint64_t sent = 0;  // up to which seq its messages have been sent
  bool reading = false, again = false;
};

class OperatorLink final : public Alarm {
 public:
  enum class Phase : std::uint8_t {
    kHello,    // nothing has come yet
    kLoading,  // session, operator and what is open are being read
    kOpen,
    kClosed,  // closed by the shard, not detached yet
  };
  using Address = std::pair<std::string, std::string>;  // site, conversation

  OperatorLink(Consoles& consoles, Connection& connection, OperatorUpgrade upgrade, base::Instant now);
  // Hello, welcome or pong did not come in time, or a ping is due.
  void ring(base::Instant due) override;

  Consoles& consoles;
  Connection& connection;
  const OperatorUpgrade upgrade;
  Phase phase = Phase::kHello;
  bool awaits_pong = false;
  bool session_good = false;  // when it was first asked for
  bool welcome_due = false;   // once everything is loaded
  std::int64_t hello = 0;     // the id of the hello while it is unanswered; 0: it is answered
  Seat* seat = nullptr;       // from the moment that the session is known to be good
  Bucket frames, bytes;
  std::size_t under_way = 0;  // frames whose answer waits for the store
  std::map<Address, Watch> watched;
  std::map<Address, base::Instant> typed;  // when the latest `typing` was passed on
  std::string colleagues;                  // the presence frame as it was last sent
};

}  // namespace beckon::core
