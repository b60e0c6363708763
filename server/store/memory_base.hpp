// What the parts of the store in memory share.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "store/memory_chat.hpp"
#include "store/store.hpp"

namespace beckon::store {

struct KeptLine {
  std::uint32_t shard = 0;
  JournalRow row;
};

struct MemorySite {
  std::map<base::VisitorId, VisitorRecord> visitors;
  std::map<std::string, base::VisitorId, std::less<>> identities;
  std::vector<KeptLine> journal;  // in order
  std::vector<DecisionRow> decisions;
  std::vector<OfferRow> offers;
  std::vector<SurveyRow> surveys;
  std::map<std::string, std::string, std::less<>> settings;
  MemoryChat chat;
};

class MemoryBase : public Store {
 protected:
  // Answers with what `work` makes of the site, under the lock.
  template <class T, class Work>
  void with_site(const base::SiteId& site, const Poster& post, Callback<T> done, Work work) {
    std::unique_lock lock(mutex_);
    base::Result<T> result = work(sites_[site]);
    lock.unlock();
    answer<T>(post, std::move(done), std::move(result));
  }

  mutable std::mutex mutex_;
  // All below are guarded by mutex_.
  std::map<base::SiteId, MemorySite> sites_;
  Health health_;
};

}  // namespace beckon::store
