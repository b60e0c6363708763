// How chat goes: a visitor's, what is too old, and what a process that died left half gone. Conversations go at once,
// and are doomed; their messages follow stretch by stretch, also after a restart; contents of files go when their rows
// are gone.
//
// Thread safety: none; the writing thread's.
#pragma once

#include <memory>
#include <vector>

#include "store/file_shelf.hpp"
#include "store/sweep.hpp"

namespace beckon::store {

// Within a transaction. What is left to do is added to the sweep.
void erase_chat(Database& db, std::int64_t site, const base::VisitorId& visitor, const FileShelf& shelf, Sweep& sweep);

// Conversations without a message since `before`, tasks from before it, files not said and uploaded before
// `unsaid_before`.
void add_old_chat(std::int64_t site, Instant before, Instant unsaid_before, const FileShelf& shelf, Sweep& sweep);

// Messages of doomed conversations, and those of `contents` that have no row.
void add_orphans(std::vector<base::FileId> contents, const FileShelf& shelf, Sweep& sweep);

}  // namespace beckon::store
