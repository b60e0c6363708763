// For the files of SiteChat alone.
#pragma once

#include <string>
#include <utility>

#include "core/chat/site_chat.hpp"
#include "core/shard_core.hpp"

namespace beckon::core {

template <class T, class Then>
store::Callback<T> SiteChat::answered(const VisitorChat& chat, Then then) {
  return [core = &shard_, id = site_.id(), serial = chat.serial,
          then = std::move(then)](base::Result<T> result) mutable {
    core->enter();
    Site* const site = core->find_site(id);
    if (site == nullptr || !site->chat) return;
    then(*site->chat, site->chat->find(serial), std::move(result));
  };
}

}  // namespace beckon::core
