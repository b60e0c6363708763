// A store that forgets everything when it goes: for tests, and for benchmarks of what is above it.
#pragma once

#include <memory>

#include "store/store.hpp"

namespace beckon::store {

// Answers as SqliteStore does, every call at once. Thread safety: as Store's.
[[nodiscard]] std::unique_ptr<Store> make_memory_store();

}  // namespace beckon::store
