// For the files of Consoles alone.
#pragma once

#include <utility>

#include "core/desk/consoles.hpp"
#include "core/shard_core.hpp"

namespace beckon::core {

template <class T>
store::Callback<T> Consoles::answered(OperatorLink& link, const Desk& desk, Then<T> then, Counts counts) {
  if (counts == Counts::kFrame) ++link.under_way;
  return [this, alive = std::weak_ptr<int>(alive_), weak = weak(link), site = desk.site().id(), then = std::move(then),
          counts](base::Result<T> result) {
    if (alive.expired()) return;
    shard_.enter();
    const std::shared_ptr<OperatorLink> asker = weak.lock();
    if (!asker) return;
    if (counts == Counts::kFrame) --asker->under_way;
    if (asker->phase != OperatorLink::Phase::kOpen) return;
    Site* const here = shard_.find_site(site);
    if (here == nullptr || !here->desk) return;
    then(*asker, *here->desk, std::move(result));
  };
}

namespace detail {
inline const store::Conversation& changed_row(const store::Conversation& row) { return row; }
inline const store::Conversation& changed_row(const store::Appended& appended) { return appended.conversation; }
inline const store::TaskRow& changed_row(const store::TaskRow& row) { return row; }
}  // namespace detail

template <class T>
store::Callback<T> Consoles::told(const Desk& desk, store::Callback<T> then) {
  return [this, alive = std::weak_ptr<int>(alive_), site = desk.site().id(),
          then = std::move(then)](base::Result<T> result) {
    if (alive.expired()) return;
    shard_.enter();
    then(result);
    Site* const here = shard_.find_site(site);
    if (!result || here == nullptr || !here->desk) return;
    here->desk->take_in(detail::changed_row(*result));
    here->desk->publish(detail::changed_row(*result));
  };
}

template <class T>
store::Callback<T> Consoles::later(std::function<void(base::Result<T>)> then) {
  return [this, alive = std::weak_ptr<int>(alive_), then = std::move(then)](base::Result<T> result) {
    if (alive.expired()) return;
    shard_.enter();
    then(std::move(result));
  };
}

template <class Do>
void Consoles::each_watching(const Desk& desk, const std::string& conversation, Do&& act) {
  const OperatorLink::Address address{desk.site().id().text(), conversation};
  for (const auto& [link, owned] : links_) {
    if (link->phase == OperatorLink::Phase::kOpen && link->watched.contains(address)) act(*link, address);
  }
}

}  // namespace beckon::core
