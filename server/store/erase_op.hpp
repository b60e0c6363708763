// Erasing a visitor and purging old rows: what is small goes at once, the big tables are swept afterwards.
#pragma once

#include <functional>
#include <memory>

#include "store/file_shelf.hpp"
#include "store/write_op.hpp"

namespace beckon::store {

// Told once how it went, on the writing thread: the number of rows that went with the sweep.
using SweepDone = Sweep::Done;

[[nodiscard]] std::unique_ptr<WriteOp> make_erase_op(base::SiteId site, base::VisitorId visitor,
                                                     const FileShelf& shelf, SweepDone done);
[[nodiscard]] std::unique_ptr<WriteOp> make_purge_op(base::SiteId site, const Retention& keep, Instant now,
                                                     const FileShelf& shelf, SweepDone done);
// What a process that died left behind: messages of conversations that are gone, contents of files without a row. To be
// made before any file is added.
[[nodiscard]] std::unique_ptr<Sweep> make_orphan_sweep(Database& db, const FileShelf& shelf);

}  // namespace beckon::store
