// What an HTTP and a WebSocket session have in common: a place in their shard's list, and one alarm.
//
// Thread safety: none; a session belongs to its shard's thread. It lives as long as one of its pending operations, each
// of which holds a shared_ptr; end() makes them all return.
#pragma once

#include <boost/intrusive/list.hpp>

#include "core/timers.hpp"

namespace beckon::net {

class Session : public core::Alarm,
                public boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
 public:
  // Closes the socket at once.
  virtual void end() = 0;
  // The server stops: what has nothing under way ends, the rest when it is done.
  virtual void stop() = 0;
};

using SessionList = boost::intrusive::list<Session, boost::intrusive::constant_time_size<false>>;

}  // namespace beckon::net
