#include "store/sqlite.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <chrono>

#include "store/page_gap.hpp"

namespace beckon::store {
namespace {

// How long a statement waits for another process's lock, and a truncating checkpoint for readers.
constexpr std::chrono::milliseconds kWaitForLock{250};

base::ErrorCode code_of(int sqlite_code) {
  switch (sqlite_code & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return base::ErrorCode::kCorrupt;
    default: return base::ErrorCode::kUnavailable;
  }
}

std::string words_of(int sqlite_code, const std::filesystem::path& file, const char* detail) {
  const std::string name = file.string();
  switch (sqlite_code & 0xff) {
    case SQLITE_FULL: return "no space left for the database " + name;
    case SQLITE_READONLY:
    case SQLITE_PERM: return "the database " + name + " cannot be written";
    case SQLITE_CANTOPEN: return "the database " + name + " cannot be opened";
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return "the database " + name + " is locked by another process";
    case SQLITE_NOTADB: return name + " is not a database";
    case SQLITE_CORRUPT: return "the database " + name + " is damaged";
    case SQLITE_IOERR: return "the database " + name + " cannot be read or written: " + detail;
    default: return "the database " + name + ": " + detail;
  }
}

int remember_wal_pages(void* pages, sqlite3*, const char*, int count) {
  *static_cast<std::int64_t*>(pages) = count;
  return SQLITE_OK;
}

}  // namespace

base::Result<std::unique_ptr<Database>> Database::open(const std::filesystem::path& file, Access access) {
  const int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                    (access == Access::kReadWrite ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY);
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(file.c_str(), &handle, flags, nullptr);
  if (code != SQLITE_OK) {
    base::Error error{code_of(code), words_of(code, file, handle ? sqlite3_errmsg(handle) : "no memory")};
    sqlite3_close(handle);
    return error;
  }
  std::unique_ptr<Database> db(new Database(handle, file));
  sqlite3_busy_timeout(handle, static_cast<int>(kWaitForLock.count()));
  db->run("PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY; PRAGMA wal_autocheckpoint=0");
  if (access == Access::kReadWrite) db->set_up_writer();
  else db->run("SELECT count(*) FROM sqlite_schema");  // reads, so that what is no database shows now
  if (db->failed()) return db->take_error();
  return db;
}

void Database::set_up_writer() {
  run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA cache_size=-16384");
  page_bytes_ = number("PRAGMA page_size").value_or(page_bytes_);
  sqlite3_wal_hook(handle_, remember_wal_pages, &wal_pages_);
}

Database::~Database() { sqlite3_close_v2(handle_); }

void Database::run(const char* sql) {
  if (error_) return;
  if (const int code = sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr); code != SQLITE_OK) fail(code);
}

base::Status Database::commit() {
  run("COMMIT");
  if (!error_) return {};
  // Some errors have rolled back already; of those that have not, nothing may stay.
  if (sqlite3_get_autocommit(handle_) == 0) sqlite3_exec(handle_, "ROLLBACK", nullptr, nullptr, nullptr);
  return take_error();
}

std::optional<std::int64_t> Database::number(const char* sql) {
  Statement query(*this, sql);
  if (!query.next() || query.is_null(0)) return std::nullopt;
  return query.integer(0);
}

base::Error Database::take_error() {
  base::Error error = std::move(*error_);
  error_.reset();
  return error;
}

base::Status Database::status() {
  if (!error_) return {};
  return take_error();
}

void Database::fail(int code) {
  if (!error_) error_ = base::Error{code_of(code), words_of(code, file_, sqlite3_errmsg(handle_))};
}

bool Database::checkpoint(Checkpoint mode) {
  int in_log = 0, moved = 0;
  const int how = mode == Checkpoint::kTruncate ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE;
  if (sqlite3_wal_checkpoint_v2(handle_, nullptr, how, &in_log, &moved) != SQLITE_OK) return false;
  if (mode == Checkpoint::kTruncate) wal_pages_ = 0;
  return in_log == moved;
}

// Through SQLite's own file: another descriptor, once closed, would take its locks away. What is written lies in no
// cell, so that who reads at the same time sees the same rows; and no cached page brings it back, for there is none.
base::Result<std::optional<std::int64_t>> Database::scrub(std::int64_t first, std::int64_t count) {
  sqlite3_file* file = nullptr;
  sqlite3_int64 bytes = 0;
  if (number("PRAGMA auto_vacuum").value_or(1) != 0 || failed()) {
    return error_ ? take_error() : base::Error{base::ErrorCode::kUnavailable, "an auto-vacuum database is not scrubbed"};
  }
  sqlite3_db_release_memory(handle_);
  int code = sqlite3_file_control(handle_, "main", SQLITE_FCNTL_FILE_POINTER, static_cast<void*>(&file));
  if (code == SQLITE_OK) code = file->pMethods->xFileSize(file, &bytes);
  const std::int64_t pages = bytes / page_bytes_;
  if (pages >= kMaxScrubPages) return base::Error{base::ErrorCode::kUnavailable, "the database is too large to scrub"};
  std::vector<std::uint8_t> page(static_cast<std::size_t>(page_bytes_));
  bool wrote = false;
  const std::int64_t end = std::min(first + count, pages + 1);
  for (std::int64_t number = first; number < end && code == SQLITE_OK; ++number) {
    const std::int64_t at = (number - 1) * page_bytes_;
    code = file->pMethods->xRead(file, page.data(), static_cast<int>(page.size()), at);
    if (code != SQLITE_OK) break;
    const PageGap gap = gap_of(page, number);
    const std::span<std::uint8_t> trace(page.data() + gap.begin, gap.end - gap.begin);
    if (std::all_of(trace.begin(), trace.end(), [](std::uint8_t byte) { return byte == 0; })) continue;
    std::fill(trace.begin(), trace.end(), std::uint8_t{0});
    code = file->pMethods->xWrite(file, trace.data(), static_cast<int>(trace.size()),
                                  at + static_cast<std::int64_t>(gap.begin));
    wrote = true;
  }
  if (wrote && code == SQLITE_OK) code = file->pMethods->xSync(file, SQLITE_SYNC_NORMAL);
  if (code != SQLITE_OK) return base::Error{code_of(code), words_of(code, file_, sqlite3_errstr(code))};
  return end > pages ? std::nullopt : std::optional(end);
}

std::int64_t Database::changes() const { return sqlite3_changes64(handle_); }

std::int64_t Database::last_insert_id() const { return sqlite3_last_insert_rowid(handle_); }

base::Status Database::copy_to(const std::filesystem::path& file) {
  Statement(*this, "VACUUM INTO ?").with(file.string()).run();
  return status();
}

std::vector<std::string> Database::check_integrity() {
  std::vector<std::string> problems;
  Statement check(*this, "PRAGMA integrity_check(10)");
  while (check.next()) {
    if (check.text(0) != "ok") problems.emplace_back(check.text(0));
  }
  if (error_) problems.push_back(take_error().message);
  return problems;
}

Statement::Statement(Database& db, const char* sql) : db_(db) {
  if (db_.error_) return;
  const int code = sqlite3_prepare_v3(db_.handle_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement_, nullptr);
  if (code != SQLITE_OK) db_.fail(code);
}

Statement::~Statement() { sqlite3_finalize(statement_); }

bool Statement::next() {
  if (db_.error_ || !statement_) return false;
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) db_.fail(code);
  sqlite3_reset(statement_);
  return false;
}

void Statement::run() {
  while (next()) {
  }
}

void Statement::reset() {
  if (!statement_) return;
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(statement_, column); }

std::string_view Statement::text(int column) const {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  return bytes ? std::string_view(bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)))
               : std::string_view();
}

std::span<const std::uint8_t> Statement::blob(int column) const {
  const auto* bytes = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_, column));
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

bool Statement::is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }

void Statement::bind(int index, std::int64_t value) {
  if (statement_) sqlite3_bind_int64(statement_, index, value);
}

void Statement::bind(int index, std::string_view value) {
  // A view without a pointer would be bound as NULL.
  const char* bytes = value.data() ? value.data() : "";
  if (statement_) sqlite3_bind_text64(statement_, index, bytes, value.size(), SQLITE_STATIC, SQLITE_UTF8);
}

void Statement::bind(int index, const std::optional<std::int64_t>& value) {
  if (value) bind(index, *value);
}

void Statement::bind(int index, std::span<const std::uint8_t> value) {
  if (statement_ && !value.empty()) sqlite3_bind_blob64(statement_, index, value.data(), value.size(), SQLITE_STATIC);
}

}  // namespace beckon::store
