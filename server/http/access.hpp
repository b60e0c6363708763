// Who may use what over HTTP, as the configuration says it now.
//
// Thread safety: AccessTable from any thread; what it gives out is immutable.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/ids.hpp"

namespace beckon::http {

enum class Uploads { kRefused, kTaken };

struct SiteAccess {
  std::vector<std::string> origins;      // of the pages that may use the site
  Uploads uploads = Uploads::kRefused;   // files sent in chats
};

// Whether browsers reach the console through https whatever this server sees of it.
enum class SecureConsole { kAsSeen, kAlways };

struct Access {
  std::vector<std::string> console_origins;  // beside the request's own
  SecureConsole secure = SecureConsole::kAsSeen;
  std::map<base::SiteId, SiteAccess> sites;
};

class AccessTable {
 public:
  [[nodiscard]] std::shared_ptr<const Access> get() const {
    const std::lock_guard lock(mutex_);
    return access_;
  }
  void set(std::shared_ptr<const Access> access) {
    const std::lock_guard lock(mutex_);
    access_ = std::move(access);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Access> access_ = std::make_shared<const Access>();
};

}  // namespace beckon::http
