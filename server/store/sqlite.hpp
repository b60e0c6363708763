// SQLite behind a small face. sqlite.cpp is the one place that knows sqlite3.h.
//
// Errors stick: after the first one every statement of that database does nothing until take_error(). So a transaction
// is written straight down and asked once, at its end, whether it went well.
//
//   Statement insert(db, "INSERT INTO run (started, version) VALUES (?, ?)");
//   db.begin();
//   insert.with(rules::to_ms(t), version).run();
//   if (Status kept = db.commit(); !kept) …      // rolled back
//
// Thread safety: none; a database and its statements belong to one thread at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace beckon::store {

enum class Access { kReadWrite, kReadOnly };

class Database {
 public:
  // kReadWrite makes the file when it is not there, and sets up what the one writing connection needs (WAL,
  // synchronous=FULL, secure_delete, no automatic checkpoint). kReadOnly never writes and never checkpoints.
  [[nodiscard]] static base::Result<std::unique_ptr<Database>> open(const std::filesystem::path& file, Access access);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // One or more statements without values or rows.
  void run(const char* sql);
  void begin() { run("BEGIN IMMEDIATE"); }
  // Ends the transaction: committed, or rolled back and why.
  [[nodiscard]] base::Status commit();
  // The first row's first column; nullopt when there is no row or an error.
  [[nodiscard]] std::optional<std::int64_t> number(const char* sql);

  [[nodiscard]] bool failed() const { return error_.has_value(); }
  // The error that stuck, cleared. Only after failed().
  [[nodiscard]] base::Error take_error();
  // Nothing, or the error that stuck, cleared.
  [[nodiscard]] base::Status status();

  enum class Checkpoint { kPassive, kTruncate };
  // Moves the log into the database. True when all of it was moved (and, with kTruncate, the log is now empty); false
  // when a reader held it back or it failed: it can be tried again. Errors do not stick.
  [[nodiscard]] bool checkpoint(Checkpoint mode);
  // Size of the log after the last commit or checkpoint. Of a kReadWrite database.
  [[nodiscard]] std::int64_t wal_bytes() const { return wal_pages_ * page_bytes_; }

  // Overwrites what deleted rows may have left in pages [first, first + count) of the file, counted from 1 (page_gap.hpp).
  // Directly after a checkpoint that emptied the log, outside a transaction, on the one connection that writes. The
  // page to go on with; nullopt: those were the last. On disk when it returns.
  [[nodiscard]] base::Result<std::optional<std::int64_t>> scrub(std::int64_t first, std::int64_t count);

  [[nodiscard]] std::int64_t changes() const;  // rows of the last INSERT, UPDATE or DELETE
  [[nodiscard]] std::int64_t last_insert_id() const;

  // A consistent copy while others write, into a file that must not exist.
  [[nodiscard]] base::Status copy_to(const std::filesystem::path& file);
  // What `PRAGMA integrity_check` finds, at most ten; empty when the database is sound.
  [[nodiscard]] std::vector<std::string> check_integrity();

 private:
  friend class Statement;
  Database(sqlite3* handle, std::filesystem::path file) : handle_(handle), file_(std::move(file)) {}
  void set_up_writer();
  void fail(int code);

  sqlite3* const handle_;
  const std::filesystem::path file_;
  std::optional<base::Error> error_;
  std::int64_t wal_pages_ = 0, page_bytes_ = 4096;
};

// A prepared statement. Views that a row gives live until the next next() or with().
class Statement {
 public:
  // An SQL text that SQLite refuses makes the database fail. The database must outlive the statement.
  Statement(Database& db, const char* sql);
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  // Starts over with these values. Texts and blobs must live until the last next().
  template <class... Values>
  Statement& with(const Values&... values) {
    reset();
    int index = 0;
    (bind(++index, values), ...);
    return *this;
  }
  // Goes to the next row; false behind the last one, or after an error.
  [[nodiscard]] bool next();
  // To the end, for statements without rows.
  void run();
  // Ends the reading: its read transaction ends with it.
  void reset();

  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] std::string_view text(int column) const;
  [[nodiscard]] std::span<const std::uint8_t> blob(int column) const;
  [[nodiscard]] bool is_null(int column) const;

 private:
  void bind(int index, std::int64_t value);
  void bind(int index, std::string_view value);
  void bind(int index, const std::string& value) { bind(index, std::string_view(value)); }
  void bind(int index, const std::optional<std::int64_t>& value);
  void bind(int index, std::span<const std::uint8_t> value);  // empty: NULL

  Database& db_;
  sqlite3_stmt* statement_ = nullptr;
};

}  // namespace beckon::store
