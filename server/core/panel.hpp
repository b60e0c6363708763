// What the demo's panel shows of one tab: its facts, and for each rule how far it is. At most one frame in kPanelEvery, and only
// when something looks different.
#pragma once

#include <string>

#include "core/timers.hpp"

namespace beckon::core {

class Link;

// Thread safety: none; it belongs to the shard's thread, and to a link.
class PanelFeed final : public Alarm {
 public:
  explicit PanelFeed(Link& link) : link_(link) {}
  // Something about the visitor changed: a frame is due soon.
  void changed();
  void ring(base::Instant due) override;

 private:
  Link& link_;
  base::Instant sent_{};  // when a frame was last made
  std::string last_;      // as it was sent
};

}  // namespace beckon::core
