// Bounds of the store by name.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace beckon::store {

// Group commit: what has come in is committed when it is this old, or this much.
inline constexpr std::chrono::milliseconds kCommitEvery{5};
inline constexpr std::size_t kCommitRows = 100;

// What may wait for the writer. Beyond: recorded batches are dropped and a gap line takes their place; saved visitors
// are dropped and counted; durable calls are answered with kOverloaded.
inline constexpr std::size_t kMaxPendingBytes = 64 * 1024 * 1024;  // of recorded batches
inline constexpr std::size_t kMaxPendingVisitors = 100'000;
inline constexpr std::size_t kMaxPendingVisitorBytes = 64 * 1024 * 1024;
inline constexpr std::size_t kMaxPendingDurable = 10'000;
// Visitors erased from outside for whom nothing more is kept; then the oldest go.
inline constexpr std::size_t kMaxForgotten = 10'000;
inline constexpr std::size_t kMaxPendingReads = 10'000;            // then kOverloaded

// The write-ahead log: from this size on the writer checkpoints after a commit; when idle it truncates the file.
inline constexpr std::int64_t kCheckpointBytes = 8 * 1024 * 1024;
inline constexpr std::int64_t kMaxWalBytes = 64 * 1024 * 1024;     // from here on the writer waits for readers to end
inline constexpr std::chrono::milliseconds kIdleBeforeTruncate{1000};

// A failed commit is tried again this often while rows wait.
inline constexpr std::chrono::milliseconds kRetryEvery{250};

// Reads and deletions are done in stretches of this many rows, so that no read transaction and no commit is long.
inline constexpr std::size_t kReadStretch = 1'000;
inline constexpr std::size_t kPurgeStretch = 5'000;
inline constexpr std::size_t kMaxJournalPageLines = 10'000;

// Single values.
inline constexpr std::size_t kMaxSnapshotBytes = 256 * 1024;       // a larger one is not saved, and counted
inline constexpr std::size_t kMaxSettingBytes = 1024 * 1024;
inline constexpr std::size_t kMaxKeyBytes = 256;

}  // namespace beckon::store
