#include "store/sqlite_base.hpp"

namespace beckon::store {

SqliteBase::SqliteBase(Opened opened, const SqliteOptions& options)
    : latest_(opened.latest),
      shelf_(options.dir),
      lock_(std::move(opened.lock)),
      queue_(options),
      visiting_(std::move(opened.visiting), kMaxPendingReads),
      reporting_(std::move(opened.reporting), kMaxPendingReads),
      writing_(std::move(opened.writing), queue_, options),
      filing_(std::move(opened.filing), kMaxPendingFileCalls) {}

}  // namespace beckon::store
