// Bounds of the store by name.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace beckon::store {

// Group commit: what has come in is committed when it is this old, or this much.
inline constexpr std::chrono::milliseconds kCommitEvery{5};
inline constexpr std::size_t kCommitRows = 500;

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
inline constexpr std::int64_t kScrubStretchPages = 4'096;  // looked through between two commits: 16 MiB
inline constexpr std::size_t kMaxJournalPageLines = 10'000;

// Single values.
inline constexpr std::size_t kMaxSnapshotBytes = 256 * 1024;       // a larger one is not saved, and counted
inline constexpr std::size_t kMaxSettingBytes = 1024 * 1024;
inline constexpr std::size_t kMaxKeyBytes = 256;

// Chat.
inline constexpr std::size_t kMaxMessageBytes = 8'192;
inline constexpr std::size_t kMinMessageKey = 16, kMaxMessageKey = 64;   // characters
inline constexpr std::size_t kMaxContextBytes = 8 * 1024;
inline constexpr std::size_t kMaxPreviewBytes = 200;
inline constexpr std::size_t kMaxChatTextBytes = 512;              // names, addresses, skills, types, paths
inline constexpr std::size_t kMaxMessagesPage = 200;
inline constexpr std::size_t kMaxConversationsPage = 500;
inline constexpr std::size_t kMaxTasksPage = 500;
inline constexpr std::size_t kMaxGone = 1'000;                     // erased and purged ones that followers are told of
inline constexpr std::size_t kMaxFileBytes = 5 * 1024 * 1024;
inline constexpr std::size_t kMaxPendingFileBytes = 64 * 1024 * 1024;  // of contents on their way to the disk
inline constexpr std::size_t kMaxPendingFileCalls = 256;
inline constexpr std::chrono::hours kKeepUnsaidFiles{24};
inline constexpr std::size_t kMaxExportedFileBytes = 64 * 1024 * 1024;  // of contents in one export

// Operators.
inline constexpr std::size_t kMaxOperators = 1'000;
inline constexpr std::size_t kMaxSessionsPerOperator = 20;
inline constexpr std::size_t kMaxLoginBytes = 64;
inline constexpr int kMaxCapacity = 50;
inline constexpr std::size_t kMaxOperatorTags = 50;                // skills, groups, sites: of each

}  // namespace beckon::store
